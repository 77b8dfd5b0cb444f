//! Which column of an export holds what: the headings people's exports have, and what they say themselves.

crate::words! {
    /// What a column can hold. The word is the name in `--map` and in JSON lines.
    pub enum Field {
        /// The platform's id of the comment.
        ExternalId = "external_id",
        /// What it says.
        Text = "text",
        /// Name of who wrote it.
        Author = "author",
        /// Their handle.
        Handle = "handle",
        /// The platform's id of them.
        AuthorId = "author_id",
        /// The post or video it stands under.
        Post = "post",
        /// The ad it stands under.
        Ad = "ad",
        /// The comment it answers.
        Parent = "parent",
        /// When it was written, or the day.
        CreatedAt = "created_at",
        /// The time of day, where the day has a column of its own.
        Clock = "time",
        /// Its language, where the platform says so.
        Language = "language",
        /// Where it can be seen.
        Link = "link",
    }
}

impl Field {
    /// Headings that mean it, as [`plain`] makes them, the surest first.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::ExternalId => &[
                "externalid",
                "commentid",
                "kommentarsid",
                "kommentarid",
                "kommentarensid",
                "معرفالتعليق",
                "messageid",
                "id",
                "cid",
            ],
            Self::Text => &[
                "commenttext",
                "commentcontent",
                "commentbody",
                "commentmessage",
                "textoriginal",
                "textdisplay",
                "kommentarstext",
                "kommentartext",
                "نصالتعليق",
                "التعليق",
                "comment",
                "kommentar",
                "text",
                "message",
                "meddelande",
                "النص",
                "content",
                "innehåll",
                "comments",
                "kommentarer",
                "body",
            ],
            Self::Author => &[
                "authordisplayname",
                "authorname",
                "commentauthor",
                "commentername",
                "author",
                "författare",
                "kommentatör",
                "skrivenav",
                "displayname",
                "visningsnamn",
                "avsändare",
                "from",
                "från",
                "fromname",
                "name",
                "namn",
                "user",
                "användare",
                "الكاتب",
                "الاسم",
            ],
            Self::Handle => &[
                "handle",
                "username",
                "användarnamn",
                "authorhandle",
                "authorusername",
                "screenname",
                "konto",
                "اسمالمستخدم",
            ],
            Self::AuthorId => &[
                "authorid",
                "authorchannelid",
                "userid",
                "användarid",
                "användarensid",
                "profileid",
                "fromid",
                "channelid",
                "kanalid",
            ],
            Self::Post => &[
                "videoid",
                "mediaid",
                "itemid",
                "postid",
                "inläggsid",
                "inläggid",
                "videosid",
                "objectid",
                "post",
                "inlägg",
                "معرفالمنشور",
            ],
            Self::Ad => &["adid", "annonsid", "annonsensid", "ad", "annons", "معرفالإعلان"],
            Self::Parent => &[
                "parentcommentid",
                "parentid",
                "parent",
                "replyto",
                "replytoid",
                "inreplyto",
                "svarpå",
                "överordnadkommentar",
                "toplevelcommentid",
            ],
            Self::CreatedAt => &[
                "createdat",
                "createdtime",
                "commentcreatetimestamp",
                "commenttime",
                "commentdate",
                "publishedat",
                "datetime",
                "datumochtid",
                "datumtid",
                "tidpunkt",
                "tidsstämpel",
                "timestamp",
                "skapad",
                "skapades",
                "publicerad",
                "created",
                "published",
                "postedat",
                "dateposted",
                "date",
                "datum",
                "التاريخ",
            ],
            Self::Clock => &["time", "tid", "klockslag", "klockan", "timeofday", "الوقت"],
            Self::Language => &["language", "språk", "lang", "languagecode", "اللغة"],
            Self::Link => &[
                "permalink",
                "permalinkurl",
                "commentpermalink",
                "commenturl",
                "commentlink",
                "kommentarslänk",
                "link",
                "länk",
                "url",
                "الرابط",
            ],
        }
    }
}

/// A heading without what people and programmes write differently: case, spaces, marks.
#[must_use]
pub fn plain(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Why a mapping that was said does not fit the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// No heading is called so.
    #[error("no column is called '{0}'")]
    NoColumn(String),
}

/// Which columns hold which field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// In the order to look: the first that holds something counts.
    of: Vec<(Field, Vec<usize>)>,
}

impl Columns {
    /// What the headings tell, and what was said over it (`text`, `Kommentar`).
    ///
    /// # Errors
    /// [`Misfit`].
    pub fn of<'a>(headings: impl Iterator<Item = &'a str>, said: &[(Field, String)]) -> Result<Self, Misfit> {
        let headings: Vec<String> = headings.map(plain).collect();
        let mut taken = vec![false; headings.len()];
        let mut of: Vec<(Field, Vec<usize>)> = Vec::new();
        for (field, heading) in said {
            let wanted = plain(heading);
            let at = headings.iter().position(|known| *known == wanted);
            let at = at.ok_or_else(|| Misfit::NoColumn(shown(heading)))?;
            taken[at] = true;
            match of.iter_mut().find(|(known, _)| known == field) {
                Some((_, columns)) => columns.push(at),
                None => of.push((*field, vec![at])),
            }
        }
        for field in Field::ALL {
            if of.iter().any(|(known, _)| known == field) {
                continue;
            }
            let mut found: Vec<usize> = field
                .headings()
                .iter()
                .filter_map(|name| headings.iter().position(|heading| heading == name))
                .filter(|at| !taken[*at])
                .collect();
            // A post can be a video or an entry, in two columns; of anything else the surest is the one.
            if *field != Field::Post {
                found.truncate(1);
            }
            if !found.is_empty() {
                for at in &found {
                    taken[*at] = true;
                }
                of.push((*field, found));
            }
        }
        let mut columns = Self { of };
        if columns.has(Field::Clock) && !columns.has(Field::CreatedAt) {
            for (field, _) in &mut columns.of {
                if *field == Field::Clock {
                    *field = Field::CreatedAt;
                }
            }
        }
        Ok(columns)
    }

    /// Whether some column holds it.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.of.iter().any(|(known, _)| *known == field)
    }

    /// How many fields are known.
    #[must_use]
    pub fn known(&self) -> usize {
        self.of.len()
    }

    /// The value of a field, where `get` gives that of a column; empty where it has none.
    pub fn value<'a>(&self, field: Field, get: impl Fn(usize) -> &'a str) -> &'a str {
        let columns = self
            .of
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, columns)| columns);
        columns
            .into_iter()
            .flatten()
            .map(|column| get(*column))
            .find(|value| !value.trim().is_empty())
            .unwrap_or_default()
    }

    /// Fields with the first column of each.
    pub fn list(&self) -> impl Iterator<Item = (Field, usize)> {
        self.of
            .iter()
            .filter_map(|(field, columns)| columns.first().map(|column| (*field, *column)))
    }
}

/// A heading as it can be printed: short, and without what moves a terminal's cursor.
#[must_use]
pub fn shown(heading: &str) -> String {
    heading.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headings: &str) -> Vec<(Field, usize)> {
        let columns = Columns::of(headings.split(','), &[]).expect("columns");
        columns.list().collect()
    }

    #[test]
    fn headings_of_exports_people_have_are_known() {
        use Field::*;
        assert_eq!(
            guessed("Channel ID,Comment Create Timestamp,Price,Comment ID,Parent Comment ID,Video ID,Comment Text"),
            [
                (ExternalId, 3),
                (Text, 6),
                (AuthorId, 0),
                (Post, 5),
                (Parent, 4),
                (CreatedAt, 1)
            ]
        );
        assert_eq!(
            guessed("Datum,Tid,Namn,Kommentar,Länk,Inläggs-ID"),
            [(Text, 3), (Author, 2), (Post, 5), (CreatedAt, 0), (Clock, 1), (Link, 4)]
        );
        assert_eq!(
            guessed("Ad ID,Ad name,Comment ID,Comment,Username,Comment time,Likes"),
            [(ExternalId, 2), (Text, 3), (Handle, 4), (Ad, 0), (CreatedAt, 5)]
        );
        assert_eq!(
            guessed("التاريخ,الاسم,التعليق"),
            [(Text, 2), (Author, 1), (CreatedAt, 0)]
        );
        assert_eq!(guessed("Tid,Text"), [(Text, 1), (CreatedAt, 0)]);
    }

    #[test]
    fn what_is_said_goes_over_what_is_guessed() {
        let said = [(Field::Text, "vad de skrev".to_owned())];
        let columns = Columns::of(["Kommentar", "Vad de skrev!"].into_iter(), &said).expect("columns");
        assert_eq!(columns.list().next(), Some((Field::Text, 1)));
        let wrong = Columns::of(["Kommentar"].into_iter(), &said);
        assert_eq!(wrong, Err(Misfit::NoColumn("vad de skrev".to_owned())));
    }
}
