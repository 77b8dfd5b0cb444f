//! `klarsvar user add|list|disable|reset`.

use std::sync::Arc;

use crate::app::App;
use crate::cli::{Failed, serve};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::lane::Lane;
use crate::domain::role::Role;
use crate::person::staff::{self, AddPerson, Disable, ResetPassword, new_password};

/// What to do with staff.
#[derive(Debug, clap::Subcommand)]
pub enum User {
    /// Add a person; prints a first password
    Add {
        /// Address to sign in with
        #[arg(long)]
        email: String,
        /// Real name
        #[arg(long)]
        name: String,
        /// What colleagues see, for example SV-3
        #[arg(long)]
        pseudonym: String,
        /// Roles, comma-separated: moderator, supervisor, lead, editor, admin, auditor
        #[arg(long)]
        roles: String,
        /// Lanes the person can work, comma-separated: ar, sv, en, other
        #[arg(long, default_value = "")]
        lanes: String,
    },
    /// List everybody
    List,
    /// Sign a person out for good
    Disable {
        /// Address
        email: String,
    },
    /// Give a person a new first password
    Reset {
        /// Address
        email: String,
    },
}

#[expect(clippy::print_stdout, reason = "the command's result")]
pub async fn run(config: Config, user: User, json: bool) -> Result<(), Failed> {
    let app = App::start(config, Arc::new(SystemClock))
        .await
        .map_err(serve::started)?;
    match user {
        User::Add {
            email,
            name,
            pseudonym,
            roles,
            lanes,
        } => {
            let password = new_password()?;
            let (roles, lanes) = (list::<Role>(&roles)?, list::<Lane>(&lanes)?);
            let step = AddPerson::new(&email, &name, &pseudonym, roles, lanes, &password, true, None)?;
            let added = staff::change(&app, step).await.map_err(refused)?;
            if json {
                println!(
                    "{}",
                    serde_json::json!({ "id": added.id, "email": added.email, "password": password })
                );
            } else {
                println!("{} {password}", added.email);
            }
        }
        User::List => {
            for person in app.people.list() {
                let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
                if json {
                    println!(
                        "{}",
                        serde_json::json!({ "id": person.id, "email": person.email, "pseudonym": person.pseudonym, "roles": roles, "state": person.state })
                    );
                } else {
                    println!(
                        "{} {} {} {}",
                        person.email,
                        person.pseudonym,
                        roles.join(","),
                        person.state
                    );
                }
            }
        }
        User::Disable { email } => {
            let person = find(&app, &email)?;
            let step = Disable {
                person,
                by: None,
                disabled: true,
            };
            staff::change(&app, step).await.map_err(refused)?;
            println!("{email} disabled");
        }
        User::Reset { email } => {
            let person = find(&app, &email)?;
            let password = new_password()?;
            let step = ResetPassword::new(person, &password, true, None)?;
            staff::change(&app, step).await.map_err(refused)?;
            println!("{email} {password}");
        }
    }
    app.stop().await;
    Ok(())
}

fn list<T: std::str::FromStr<Err = crate::domain::word::UnknownWord>>(text: &str) -> Result<Vec<T>, Failed> {
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().map_err(|error: T::Err| Failed::Input(error.to_string())))
        .collect()
}

fn find(app: &App, email: &str) -> Result<crate::domain::id::PersonId, Failed> {
    let email = email.trim().to_lowercase();
    let found = app.people.list().into_iter().find(|person| person.email == email);
    found
        .map(|person| person.id)
        .ok_or_else(|| Failed::Input(format!("nobody signs in as {email}; see `klarsvar user list`")))
}

fn refused<R: std::fmt::Display>(failure: crate::change::Failure<R>) -> Failed {
    match failure {
        crate::change::Failure::Refused(refusal) => Failed::Input(refusal.to_string()),
        crate::change::Failure::Store(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::list;
    use crate::domain::role::Role;

    #[test]
    fn roles_are_read_from_a_comma_separated_list() {
        assert_eq!(
            list::<Role>("lead, admin").map_err(|_| ()),
            Ok(vec![Role::Lead, Role::Admin])
        );
        assert!(list::<Role>("boss").is_err());
    }
}
