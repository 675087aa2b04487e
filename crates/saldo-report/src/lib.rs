//! From results to something a person looks at: curves, pictures, the page.
//!
//! Already true: the run is over. Must not happen here: computing economics.

mod curve;
mod html;
mod number;
mod page;
mod pen;
mod png;
mod summary;
mod svg;
mod terminal;

pub use curve::{Curve, headline, named};
pub use page::{Document, Given, Made, RivalRun, Scene, Shown, document, given, kept, page, read};
pub use png::png;
pub use summary::{assumed_share, summary};
pub use svg::{Mark, marks, standalone, svg};
pub use terminal::{Aligned, WIDTH, plot, short};
