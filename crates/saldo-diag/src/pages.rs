//! The pages behind `saldo explain`: the language's book of messages, which is also tested.

/// What one message means, why it exists, an example and the way out (Markdown).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub id: &'static str,
    pub text: &'static str,
}

impl Page {
    /// What stands in a list of all messages.
    pub fn first_sentence(&self) -> &'static str {
        let text = self.text.trim_start();
        let end = text
            .find(". ")
            .or(text.find(".\n"))
            .map_or(text.len(), |at| at + 1);
        text[..end].lines().next().unwrap_or_default()
    }
}

const CHAPTERS: [&str; 7] = [
    include_str!("../../../spec/messages/text.md"),
    include_str!("../../../spec/messages/names.md"),
    include_str!("../../../spec/messages/units.md"),
    include_str!("../../../spec/messages/books.md"),
    include_str!("../../../spec/messages/time.md"),
    include_str!("../../../spec/messages/data.md"),
    include_str!("../../../spec/messages/runs.md"),
];

/// All pages, sorted by id.
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = CHAPTERS
        .iter()
        .flat_map(|chapter| sections(chapter))
        .collect();
    pages.sort_by_key(|page| page.id);
    pages
}

/// A chapter is a preface and a section `## id` for each message.
fn sections(chapter: &'static str) -> impl Iterator<Item = Page> {
    chapter.split("\n## ").skip(1).map(|section| {
        let (id, text) = section.split_once('\n').unwrap_or((section, ""));
        Page {
            id: id.trim(),
            text,
        }
    })
}
