//! What the IdP's synchronization creates in AWS: users, groups and memberships.

use jiff::Timestamp;

use super::change::none;
use super::founding::{membership_of, user_of};
use super::{Company, Group, Origin, User, ids};

impl Company {
    /// The IdP's sync creates the person's user under its own id of them. Gives AWS's.
    ///
    /// # Errors
    /// A sentence, where nobody has that key or they have a user already.
    pub(in crate::sandbox) fn receive_user(
        &mut self,
        person: &str,
        external_id: Option<&str>,
        now: Timestamp,
    ) -> Result<String, String> {
        if self.user_id(person).is_some() {
            return Err(format!("{person} already has a user in the identity store"));
        }
        let person = self.keys.people.get(person).ok_or_else(|| none("person", person))?;
        let spec = person.user_specs().first().cloned().unwrap_or_default();
        let user = user_of(None, person, 0, &spec, now);
        let external_id = external_id.map(str::to_owned).or(user.external_id);
        let id = user.id.clone();
        self.users.push(User { created_at: now, updated_at: now, external_id, ..user });
        Ok(id)
    }

    /// The IdP's sync creates a group. From now on it is known by its name and "from the IdP", as the bare
    /// name may be the key of another.
    pub(in crate::sandbox) fn receive_group(&mut self, name: &str, external_id: &str, now: Timestamp) {
        let key = format!("{name} from the IdP");
        let id = ids::identity_store_resource("group", &key);
        self.keys.groups.insert(key, id.clone());
        self.groups.push(Group {
            id,
            display_name: name.to_owned(),
            origin: Origin::Synced,
            external_id: Some(external_id.to_owned()),
            created_at: now,
            updated_at: now,
        });
    }

    /// The IdP's sync puts a user into a group. Gives whether that is new.
    pub(in crate::sandbox) fn receive_membership(
        &mut self,
        group_id: &str,
        user_id: &str,
        now: Timestamp,
    ) -> bool {
        let is_new = !self.group_ids_of(user_id).contains(&group_id);
        if is_new {
            self.memberships.push(membership_of(group_id, user_id, now));
        }
        is_new
    }
}
