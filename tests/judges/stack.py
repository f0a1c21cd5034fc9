"""A CloudFormation template as a stack would have it: conditions decided, references and texts filled in.

It knows the functions that deploy/aws uses and refuses all others; cfn-lint judges the template itself.
"""

import re

import cfnlint.decode

ACCOUNT = "111122223333"
REGION = "us-east-1"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}


class Stack:
    """`resources` are those that would be made, by their logical ids, with their properties."""

    def __init__(self, file, **parameters):
        template, problems = cfnlint.decode.decode(str(file))
        assert problems == []
        known = template["Parameters"]
        assert set(parameters) <= set(known)
        self._conditions = template["Conditions"]
        self._values = PSEUDO | {name: parameters.get(name, known[name].get("Default")) for name in known}
        missing = [name for name in known if self._values[name] is None]
        assert missing == []
        for name, value in parameters.items():
            assert re.fullmatch(known[name].get("AllowedPattern", ".*"), value), f"{name} may not be {value}"
        self._names = set(template["Resources"])
        self.resources = {
            name: (resource["Type"], self._filled(resource.get("Properties", {})))
            for name, resource in template["Resources"].items()
        }

    def properties(self, name):
        return self.resources[name][1]

    def policies(self, role):
        """The statements of each policy of the role."""
        return {one["PolicyName"]: one["PolicyDocument"]["Statement"] for one in self.properties(role)["Policies"]}

    def containers(self):
        return {one["Name"]: one for one in self.properties("Task")["ContainerDefinitions"]}

    def _filled(self, given):
        if isinstance(given, list):
            filled = [self._filled(one) for one in given]
            return [one for one in filled if one is not None]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            ((function, argument),) = given.items()
            if function == "Ref":
                return self._referred(argument)
            if function.startswith("Fn::"):
                return self._called(function.removeprefix("Fn::"), argument)
        filled = {key: self._filled(value) for key, value in given.items()}
        return {key: value for key, value in filled.items() if value is not None}

    def _referred(self, name):
        if name in self._names:
            return f"<{name}>"
        return self._values[name]

    def _called(self, function, argument):
        if function == "If":
            condition, then, otherwise = argument
            return self._filled(then if self._holds(condition) else otherwise)
        if function == "GetAtt":
            name, attribute = argument if isinstance(argument, list) else argument.split(".")
            assert name in self._names
            return f"<{name}.{attribute}>"
        if function == "Sub":
            text, local = argument if isinstance(argument, list) else (argument, {})
            local = {name: self._filled(value) for name, value in local.items()}
            return re.sub(r"\$\{([\w:]+)\}", lambda found: self._text(found[1], local), text)
        raise AssertionError(f"Fn::{function} is not known here")

    def _text(self, name, local):
        return local[name] if name in local else str(self._referred(name))

    def _holds(self, condition):
        if isinstance(condition, str):
            return self._holds(self._conditions[condition])
        ((function, argument),) = condition.items()
        if function == "Fn::Equals":
            first, second = (self._filled(one) for one in argument)
            return str(first) == str(second)
        if function == "Fn::Not":
            return not self._holds(argument[0])
        raise AssertionError(f"{function} is not known here")
