"""A company in moto: people, groups, accounts and assignments, made through boto3 alone.

moto departs from AWS in ways that this file steps around, each said where it happens.
"""

import boto3

from program import AWS_CREDENTIALS, REGION


class MotoCompany:
    """Everything is named by the words that a person would use; ids come back where a test needs them."""

    def __init__(self, endpoint):
        def client(service):
            return boto3.client(
                service,
                endpoint_url=endpoint,
                region_name=REGION,
                aws_access_key_id=AWS_CREDENTIALS["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=AWS_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            )

        self._store = client("identitystore")
        self._sso = client("sso-admin")
        self._organizations = client("organizations")
        self._organizations.create_organization(FeatureSet="ALL")
        (instance,) = self._sso.list_instances()["Instances"]
        self._instance = instance["InstanceArn"]
        self._store_id = instance["IdentityStoreId"]
        self._people = {}
        self._groups = {}
        self._permission_sets = {}

    def person(self, user_name, email=None):
        """A person; moto answers 500 to every look-up by e-mail as soon as one of them has none."""
        made = self._store.create_user(
            IdentityStoreId=self._store_id,
            UserName=user_name,
            DisplayName=user_name.split("@")[0].title(),
            Name={"GivenName": "Given", "FamilyName": "Family"},
            Emails=[{"Value": email or user_name, "Type": "work", "Primary": True}],
        )
        self._people[user_name] = made["UserId"]
        return made["UserId"]

    def group(self, name, *members):
        made = self._store.create_group(IdentityStoreId=self._store_id, DisplayName=name)
        self._groups[name] = made["GroupId"]
        for member in members:
            self._store.create_group_membership(
                IdentityStoreId=self._store_id,
                GroupId=made["GroupId"],
                MemberId={"UserId": self._people[member]},
            )
        return made["GroupId"]

    def delete_group(self, name):
        """moto leaves the assignments of a deleted group in place, as AWS does."""
        self._store.delete_group(IdentityStoreId=self._store_id, GroupId=self._groups.pop(name))

    def account(self, name):
        address = f"root+{len(self.account_ids())}@example.com"
        made = self._organizations.create_account(AccountName=name, Email=address)
        return made["CreateAccountStatus"]["AccountId"]

    def close_account(self, account_id):
        """moto has it SUSPENDED at once."""
        self._organizations.close_account(AccountId=account_id)

    def account_ids(self):
        pages = self._organizations.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 20})
        return [account["Id"] for page in pages for account in page["Accounts"]]

    def permission_set(self, name):
        """Always with a session duration: moto answers a number where AWS has text when it is left out."""
        made = self._sso.create_permission_set(InstanceArn=self._instance, Name=name, SessionDuration="PT1H")
        self._permission_sets[name] = made["PermissionSet"]["PermissionSetArn"]

    def assign(self, permission_set, account_id, *, group=None, person=None):
        """Assigns and provisions: AWS does the second by itself, moto does not."""
        kind, principal = ("GROUP", self._groups[group]) if group else ("USER", self._people[person])
        self._sso.create_account_assignment(
            InstanceArn=self._instance,
            TargetId=account_id,
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=self._permission_sets[permission_set],
            PrincipalType=kind,
            PrincipalId=principal,
        )
        self._sso.provision_permission_set(
            InstanceArn=self._instance,
            PermissionSetArn=self._permission_sets[permission_set],
            TargetType="AWS_ACCOUNT",
            TargetId=account_id,
        )
