//! Titles in other languages, by the title in the text's first one; titles of sources.

use saldo_syntax::Symbol;
use saldo_syntax::ast::{Decl, DeclKind, File, FileKind, Title};
use std::collections::BTreeMap;

/// Adds every title of the texts that has a Russian form. A title that stands twice has one
/// form: the last.
pub(crate) fn russian(files: &[File], found: &mut BTreeMap<Symbol, Symbol>) {
    for file in files {
        if let FileKind::Model(Some((_, title))) | FileKind::Scenario { title, .. } = &file.kind {
            note(title, found);
        }
        file.decls.iter().for_each(|decl| of(decl, found));
    }
}

/// Titles of the sources, by their keys.
pub(crate) fn sources(files: &[File]) -> BTreeMap<Symbol, Symbol> {
    let decls = files.iter().flat_map(|file| &file.decls);
    let titled = decls.filter_map(|decl| match &decl.kind {
        DeclKind::Source(source) => {
            let mut fields = source.fields.iter();
            let (_, title) = fields.find(|(name, _)| &*name.text == "title")?;
            Some((source.key.text, title.text))
        }
        _ => None,
    });
    titled.collect()
}

fn note(title: &Title, found: &mut BTreeMap<Symbol, Symbol>) {
    let russian = title
        .other
        .iter()
        .find(|(language, _)| &*language.text == "ru");
    if let (Some(main), Some((_, russian))) = (&title.main, russian) {
        found.insert(*main, *russian);
    }
}

fn of(decl: &Decl, found: &mut BTreeMap<Symbol, Symbol>) {
    let title = match &decl.kind {
        DeclKind::Sector(it) => &it.title,
        DeclKind::Good(it) | DeclKind::Instrument(it) => &it.title,
        DeclKind::Param(it) => &it.title,
        DeclKind::Series(it) => &it.title,
        DeclKind::Event(it) => &it.title,
        DeclKind::Equation(it) => &it.title,
        DeclKind::Find(it) => &it.title,
        DeclKind::Measure(it) => &it.title,
        DeclKind::Show(it) => &it.title,
        DeclKind::Check(it) => &it.title,
        DeclKind::Observe(it) => &it.title,
        DeclKind::Process(it) => &it.title,
        DeclKind::Set(it) => return it.members.iter().for_each(|(_, title)| note(title, found)),
        DeclKind::Choice(it) => {
            it.members.iter().for_each(|(_, title)| note(title, found));
            &it.title
        }
        DeclKind::Flows(it) => return it.flows.iter().for_each(|flow| note(&flow.title, found)),
        DeclKind::Exchange(it) => return it.flows.iter().for_each(|flow| note(&flow.title, found)),
        DeclKind::Each(it) => return it.decls.iter().for_each(|decl| of(decl, found)),
        _ => return,
    };
    note(title, found);
}
