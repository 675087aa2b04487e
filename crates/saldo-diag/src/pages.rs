//! The pages behind `saldo explain`: the language's book of messages, which is also tested.

/// What one message means, why it exists, an example and the way out (Markdown).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub id: &'static str,
    /// The heading of its chapter: `Messages about the text`.
    pub chapter: &'static str,
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

/// All pages, chapter by chapter in the order of a run, each chapter sorted by id.
pub fn pages() -> Vec<Page> {
    let sorted = |chapter: &&'static str| {
        let mut pages: Vec<Page> = sections(chapter).collect();
        pages.sort_by_key(|page| page.id);
        pages
    };
    CHAPTERS.iter().flat_map(sorted).collect()
}

/// A chapter is a preface and a section `## id` for each message.
fn sections(chapter: &'static str) -> impl Iterator<Item = Page> {
    let heading = chapter.lines().next().unwrap_or_default();
    let heading = heading.trim_start_matches("# ");
    chapter.split("\n## ").skip(1).map(move |section| {
        let (id, text) = section.split_once('\n').unwrap_or((section, ""));
        Page {
            id: id.trim(),
            chapter: heading,
            text,
        }
    })
}
