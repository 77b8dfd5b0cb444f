//! `GET /go`: a warning before a link of the outside is opened. The address is looked up, never taken from the request,
//! so that nobody can send colleagues elsewhere through the desk.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::{page, shell};
use crate::app::App;
use crate::http::api::comments::{id, visible};
use crate::http::extract::{By, Desk, right};
use crate::http::problem::Problem;
use crate::store::entity::{comment, post};
use crate::view::model::hand::attached;
use crate::view::model::shell::Shell;

/// Whose post or ad to open.
#[derive(Debug, Deserialize)]
pub struct Ask {
    #[serde(default)]
    comment: String,
    /// `link`: what came with the comment, instead of what it stands under.
    #[serde(default)]
    to: String,
}

#[derive(Serialize)]
struct Page {
    shell: Shell,
    host: String,
    address: String,
    suspicious: bool,
    href: Option<String>,
    back: String,
}

/// `GET /go?comment={id}`: the post or ad that a comment stands under, or the link that came with it.
///
/// # Errors
/// 401, 403, 404, 503.
pub async fn warn(
    app: Desk,
    by: By<right::SignedIn>,
    request: HttpRequest,
    ask: web::Query<Ask>,
) -> Result<HttpResponse, Problem> {
    let row = visible(&app, &by, id(&ask.comment)?).await?;
    let shell = shell(&app, &request, &by).await?;
    let address = match ask.to.as_str() {
        "link" => attached(&row, "link"),
        _ => under(&app, &row).await?,
    };
    let address = address.ok_or_else(Problem::not_found)?;
    let seen = look(&address);
    let model = Page {
        host: seen.host,
        suspicious: seen.suspicious,
        href: seen.opens.then(|| address.clone()),
        address,
        back: format!("/desk/{}", row.id),
        shell,
    };
    page(&app, model.shell.locale_key, StatusCode::OK, "pages/go", &model)
}

/// The address of the post or ad.
async fn under(app: &App, row: &comment::Model) -> Result<Option<String>, Problem> {
    let Some(post) = row.post.clone() else {
        return Ok(None);
    };
    let post = post::Entity::find_by_id((row.connector.clone(), post))
        .one(app.db.reader())
        .await?;
    Ok(post.and_then(|post| post.permalink))
}

/// What can be said of an address without asking anybody.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// The host in its ASCII form, which cannot look like another.
    host: String,
    /// It may be taken for another host, or hides where it leads.
    suspicious: bool,
    /// Whether the desk offers to open it at all.
    opens: bool,
}

fn look(address: &str) -> Seen {
    let closed = |host: &str| Seen {
        host: host.to_owned(),
        suspicious: true,
        opens: false,
    };
    let Some((scheme, rest)) = address.split_once("://") else {
        return closed("–");
    };
    // Browsers take a backslash for a slash (WHATWG URL, 4.4), and drop line ends and tabs.
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let (user, host) = authority
        .rsplit_once('@')
        .map_or((None, authority), |(user, host)| (Some(user), host));
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    };
    let Ok(ascii) = idna::domain_to_ascii_strict(name) else {
        return closed("–");
    };
    let fair = matches!(scheme, "https" | "http")
        && !address.chars().any(|c| c.is_control() || c.is_whitespace())
        && ascii.contains('.');
    if !fair {
        return closed(&ascii);
    }
    let numeric = ascii
        .split('.')
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let foreign = ascii.split('.').any(|part| part.starts_with("xn--"));
    Seen {
        suspicious: scheme != "https" || user.is_some() || port.is_some() || numeric || foreign,
        host: ascii,
        opens: true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, look};

    fn seen(host: &str, suspicious: bool, opens: bool) -> Seen {
        Seen {
            host: host.to_owned(),
            suspicious,
            opens,
        }
    }

    #[test]
    fn a_plain_address_opens_and_look_alikes_are_named_by_their_ascii_form() {
        assert_eq!(
            look("https://www.facebook.com/1/posts/2?x=1"),
            seen("www.facebook.com", false, true)
        );
        assert_eq!(
            look("https://exempél.example/sida"),
            seen("xn--exempl-fva.example", true, true)
        );
        assert_eq!(
            look("https://facebook.com@evil.example/"),
            seen("evil.example", true, true)
        );
        assert_eq!(look("http://192.0.2.1:8080/"), seen("192.0.2.1", true, true));
    }

    #[test]
    fn what_is_no_web_address_is_shown_and_not_opened() {
        for address in [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.example/",
            "https://",
            "https://a b.example/",
        ] {
            assert!(!look(address).opens, "{address}");
        }
        assert_eq!(look("https://evil.example\\@facebook.com/").host, "evil.example");
    }
}
