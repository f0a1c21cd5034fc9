//! A generated company in which everything is in place, with the mess of real ones, as the text of a scenario.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sso_why::sandbox::scenario::IdpKind;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::scenario::outlook::Connected;

use super::active_directory::ActiveDirectory;
use super::dice::Dice;
use super::mess::Mess;
use super::source::Source;

/// The key of the person who asks.
pub const ASKER: &str = "asker";

/// The group that gives the asker the access, by key.
pub const GROUP: &str = "g0";

/// Somebody else in the asker's group, by key.
pub const COLLEAGUE: &str = "p0";

const ACCOUNTS: [&str; 10] = [
    "Payments-Prod",
    "Payments-Dev",
    "Data Lake Dev",
    "ledger_prod",
    "Website-Staging",
    "Mobile-Prod",
    "Analytics Prod",
    "Core-Network",
    "SRE-Tools",
    "Fraud-Prod ",
];
const SETS: [&str; 5] = ["ReadOnly", "PowerUser", "Billing", "DataScientist", "SupportUser"];
const PEOPLE: [&str; 8] = [
    "Dana Reyes",
    "Bo Lindgren",
    "Femi Adeyemi",
    "Mika Laine",
    "Noor Haddad",
    "Priya Nair",
    "Jonas Weber",
    "Zoë Martín",
];

/// A company and the question.
#[derive(Clone, Debug)]
pub struct Plan {
    pub text: String,
    pub source: Source,
    /// The IdP that is connected.
    pub idp: Option<IdpKind>,
    /// If the people come from there.
    pub directory: Option<ActiveDirectory>,
    /// The asker as Slack knows them.
    pub subject: String,
    /// The account as it is typed.
    pub typed: String,
    pub permission_set: Option<String>,
    /// The account's number.
    pub account: String,
    /// The name of the permission set that the asker has.
    pub set: String,
    pub mess: BTreeSet<Mess>,
}

impl Plan {
    pub fn of(source: Source, dice: &mut Dice) -> Self {
        Draft::of(source, dice).plan()
    }

    pub fn scenario(&self) -> Scenario {
        let connected = Connected { idp: self.idp, quarantined: false, kept: self.source.kept() };
        Scenario::parse(&self.text, connected).unwrap_or_else(|error| panic!("{error}\n{}", self.text))
    }

    pub fn has(&self, mess: Mess) -> bool {
        self.mess.contains(&mess)
    }
}

struct Draft<'d> {
    dice: &'d mut Dice,
    source: Source,
    accounts: Vec<&'static str>,
    sets: Vec<&'static str>,
    mess: BTreeSet<Mess>,
    text: String,
}

impl<'d> Draft<'d> {
    fn of(source: Source, dice: &'d mut Dice) -> Self {
        let idp = source.idp();
        let entra = idp == Some(IdpKind::Entra);
        let (accounts, sets) = (dice.between(3, 5), dice.between(2, 4));
        let accounts = dice.some(&ACCOUNTS, usize::try_from(accounts).unwrap_or(3));
        let sets = dice.some(&SETS, usize::try_from(sets).unwrap_or(2));
        let mut mess = BTreeSet::new();
        let each = [
            (Mess::UserNameDiffers, 20, true),
            (Mess::AddressOnlyAtTheIdp, 15, idp.is_some()),
            (Mess::Capitals, 20, true),
            (Mess::Direct, 8, true),
            (Mess::AdminGroup, 50, true),
            (Mess::SecondGroup, 30, true),
            (Mess::WideGroup, 20, true),
            (Mess::LeftOver, 25, true),
            (Mess::OldFailedRequest, 20, true),
            (Mess::ManualGroup, 15, source != Source::ActiveDirectory),
            (Mess::Nested, 25, entra),
            (Mess::NearName, 15, idp.is_some()),
            (Mess::AsksForTheSet, 30, true),
            (Mess::NoEmail, 15, true),
            (Mess::Unlinked, 15, idp.is_some()),
            (Mess::RenamedGroup, 15, entra),
            (Mess::LinkedGroup, 20, idp == Some(IdpKind::Okta)),
            (Mess::FromActiveDirectory, 10, idp.is_some()),
            (Mess::FilledByARule, 15, idp.is_some()),
            (Mess::MayActivateAdmins, 15, entra),
            (Mess::EligibilityUnread, 30, entra),
            (Mess::LateLogs, 20, entra),
            (Mess::AnotherApplication, 15, idp.is_some()),
        ];
        for (one, percent, applies) in each {
            if dice.percent(percent) && applies {
                mess.insert(one);
            }
        }
        if idp.is_none() && mess.contains(&Mess::UserNameDiffers) {
            // Nothing else ties the user name to the address.
            mess.remove(&Mess::NoEmail);
        }
        if mess.contains(&Mess::AdminGroup) && dice.percent(60) {
            mess.insert(Mess::WideAdminGroup);
        }
        // A group has one way in.
        if mess.contains(&Mess::FilledByARule) {
            mess.remove(&Mess::FromActiveDirectory);
        }
        Self { dice, source, accounts, sets, mess, text: String::new() }
    }

    fn has(&self, mess: Mess) -> bool {
        self.mess.contains(&mess)
    }

    fn plan(mut self) -> Plan {
        self.organization();
        self.groups();
        self.assignments();
        self.people();
        let email = "dana.reyes@example.com";
        let typed = self.accounts[0].trim().to_owned();
        Plan {
            source: self.source,
            idp: self.source.idp(),
            directory: None,
            subject: if self.has(Mess::Capitals) { "Dana.Reyes@Example.com" } else { email }.to_owned(),
            typed,
            permission_set: self.has(Mess::AsksForTheSet).then(|| self.sets[0].to_owned()),
            account: account_id(0),
            set: self.sets[0].to_owned(),
            mess: self.mess,
            text: self.text,
        }
    }

    fn organization(&mut self) {
        self.text.push_str(
            "[workspace]\nteam_id = \"T0GEN\"\nteam_name = \"Gen\"\nteam_domain = \"gen\"\n\
             bot_user_id = \"U0SSOWHY\"\nchannels = []\n\n\
             [organization]\nid = \"o-generated01\"\nmanagement_account = \"Management\"\ninstance_name = \"gen\"\n\n\
             [[accounts]]\nid = \"200000000099\"\nname = \"Management\"\n",
        );
        for (number, name) in self.accounts.clone().into_iter().enumerate() {
            let id = account_id(number);
            self.add(&format!("[[accounts]]\nkey = \"a{number}\"\nid = \"{id}\"\nname = \"{name}\""));
        }
        for set in self.sets.clone().into_iter().chain(["Admin"]) {
            self.add(&format!("[[permission_sets]]\nname = \"{set}\"\ndescription = \"{set}\""));
        }
    }

    fn groups(&mut self) {
        for number in 0..self.accounts.len() {
            let name = self.group_name(number);
            let owners =
                if self.dice.percent(50) { format!("owners = [\"{COLLEAGUE}\"], ") } else { String::new() };
            let inside =
                if number == 1 && self.has(Mess::Nested) { "groups_inside = [\"inner\"]" } else { "" };
            let at_the_idp = format!("idp = {{ {owners}{inside} }}").replace(",  }", " }");
            self.add(&format!("[[groups]]\nkey = \"g{number}\"\nname = \"{name}\"\n{at_the_idp}"));
        }
        self.add("[[groups]]\nkey = \"everyone\"\nname = \"All Staff\"");
        if self.has(Mess::AdminGroup) {
            let name = *self.dice.pick(&["AWS-Admins", "Cloud Platform Admins", "aws_admins"]);
            self.add(&format!("[[groups]]\nkey = \"admins\"\nname = \"{name}\""));
        }
        if self.has(Mess::SecondGroup) {
            self.add("[[groups]]\nkey = \"second\"\nname = \"Incident Response\"");
        }
        if self.has(Mess::LeftOver) {
            self.add("[[groups]]\nkey = \"gone\"\nname = \"Old Contractors\"\ndeleted = true");
        }
        if self.has(Mess::ManualGroup) {
            self.add("[[groups]]\nkey = \"manual\"\nname = \"Break Glass\"\norigin = \"manual\"");
        }
        if self.has(Mess::Nested) {
            self.add("[[groups]]\nkey = \"inner\"\nname = \"Inner Circle\"\nonly_at_idp = true\nidp = { assigned = false }");
        }
        if self.has(Mess::NearName) {
            let name = format!("{}-old", self.group_name_of_style(0, 0));
            self.add(&format!(
                "[[groups]]\nkey = \"near\"\nname = \"{name}\"\nonly_at_idp = true\nidp = {{ assigned = false }}"
            ));
        }
    }

    fn group_name(&mut self, number: usize) -> String {
        let style = self.dice.below(4);
        self.group_name_of_style(number, style)
    }

    fn group_name_of_style(&self, number: usize, style: usize) -> String {
        let account = self.accounts[number].trim();
        let set = self.sets[number % self.sets.len()];
        match style {
            0 => format!("AWS-{account}-{set}"),
            1 => format!("aws_{account}_{set}").to_lowercase().replace([' ', '-'], "_"),
            2 => format!("{account} Team"),
            // Says nothing of the account.
            _ => format!("grp.{}.{number:03}", set.to_lowercase()),
        }
    }

    fn assignments(&mut self) {
        for number in 0..self.accounts.len() {
            let set = self.sets[number % self.sets.len()];
            if number == 0 && self.has(Mess::Direct) {
                self.assign(set, "a0", &format!("people = [\"{ASKER}\"]"));
            }
            self.assign(set, &format!("a{number}"), &format!("groups = [\"g{number}\"]"));
        }
        let second = self.sets[1 % self.sets.len()];
        if self.has(Mess::WideGroup) {
            self.assign(self.sets[0], "a1", &format!("groups = [\"{GROUP}\"]"));
        }
        if self.has(Mess::AdminGroup) {
            let reach = if self.has(Mess::WideAdminGroup) { self.accounts.len() } else { 1 };
            (0..reach)
                .for_each(|number| self.assign("Admin", &format!("a{number}"), "groups = [\"admins\"]"));
        }
        if self.has(Mess::SecondGroup) {
            self.assign(second, "a0", "groups = [\"second\"]");
        }
        if self.has(Mess::LeftOver) {
            self.assign(second, "a0", "groups = [\"gone\"]");
        }
        if self.has(Mess::ManualGroup) {
            self.assign("Admin", "a0", "groups = [\"manual\"]");
        }
        if self.has(Mess::OldFailedRequest) {
            let age = self.dice.between(20, 60);
            self.add(&format!(
                "[[requests]]\nkey = \"old\"\naccount = \"a0\"\npermission_set = \"{second}\"\n\
                 principal = {{ person = \"p1\" }}\nstatus = \"failed\"\nfailure_reason = \"Throttled\"\nage = \"{age}d\""
            ));
        }
    }

    fn people(&mut self) {
        self.asker();
        for (number, name) in PEOPLE.iter().skip(1).enumerate() {
            let key = format!("p{number}");
            let mut groups: BTreeSet<String> = BTreeSet::from(["everyone".to_owned()]);
            for _ in 0..self.dice.between(1, 3) {
                groups.insert(format!("g{}", self.dice.below(self.accounts.len())));
            }
            match number {
                0 => drop(groups.insert(GROUP.to_owned())),
                1 if self.has(Mess::AdminGroup) => drop(groups.insert("admins".to_owned())),
                2 if self.has(Mess::SecondGroup) => drop(groups.insert("second".to_owned())),
                3 if self.has(Mess::ManualGroup) => drop(groups.insert("manual".to_owned())),
                _ => {}
            }
            let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
            let inner = if number == 4 && self.has(Mess::Nested) {
                "idp = { groups = [{ group = \"inner\", since = \"90d\" }] }\n"
            } else {
                ""
            };
            self.person(&key, name, &email, &groups, inner);
        }
    }

    fn asker(&mut self) {
        let mut groups: BTreeSet<String> = BTreeSet::from(["everyone".to_owned()]);
        if !self.has(Mess::Direct) {
            groups.insert(GROUP.to_owned());
        }
        for _ in 0..self.dice.below(3) {
            groups.insert(format!("g{}", 1 + self.dice.below(self.accounts.len() - 1)));
        }
        let mut record = Vec::new();
        let mut at_the_idp = "";
        if self.has(Mess::AddressOnlyAtTheIdp) {
            record.push("user_name = \"dr1234@corp.example\"");
            record.push("email = \"dr1234@corp.example\"");
            at_the_idp = "idp = { email = \"dana.reyes@example.com\" }\n";
        } else if self.has(Mess::UserNameDiffers) {
            record.push(match self.source {
                Source::ActiveDirectory => "user_name = \"dr1234@corp\"",
                _ => "user_name = \"dr1234@corp.example\"",
            });
        } else if self.source == Source::ActiveDirectory {
            // The user principal name, not the domain's short name.
            record.push("user_name = \"dana.reyes@example.com\"");
        }
        for (mess, what) in [(Mess::NoEmail, "no_email = true"), (Mess::Unlinked, "unlinked = true")] {
            record.extend(self.has(mess).then_some(what));
        }
        let users = format!("users = [{{ {} }}]\n{at_the_idp}", record.join(", "));
        self.person(ASKER, PEOPLE[0], "dana.reyes@example.com", &groups, &users);
    }

    fn person(&mut self, key: &str, name: &str, email: &str, groups: &BTreeSet<String>, more: &str) {
        let mut joined = String::new();
        for group in groups {
            let since = self.dice.between(40, 300);
            let _ = write!(joined, "{{ group = \"{group}\", since = \"{since}d\" }}, ");
        }
        self.add(&format!(
            "[[people]]\nkey = \"{key}\"\nname = \"{name}\"\nemail = \"{email}\"\nstory = \"Generated.\"\n\
             groups = [{joined}]\n{more}"
        ));
    }

    fn assign(&mut self, set: &str, account: &str, to_whom: &str) {
        self.add(&format!(
            "[[assignments]]\npermission_set = \"{set}\"\naccounts = [\"{account}\"]\n{to_whom}"
        ));
    }

    fn add(&mut self, table: &str) {
        let _ = writeln!(self.text, "\n{}", table.trim_end());
    }
}

fn account_id(number: usize) -> String {
    format!("2000000000{number:02}")
}
