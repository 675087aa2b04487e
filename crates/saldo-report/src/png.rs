//! A picture as PNG: the same bytes on any machine, because the letters come with the program.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Noto Sans, the letters of Latin, Cyrillic and Greek; its licence stands beside it.
const FONT: &[u8] = include_bytes!("font/NotoSans-subset.ttf");
/// Pixels for one unit of the picture: sharp on screens and on paper.
const SCALE: f32 = 2.0;

/// Draws an SVG picture of Saldo on white paper. An error says what the drawing library did.
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let mut options = Options {
        font_family: "Noto Sans".into(),
        ..Options::default()
    };
    let letters = options.fontdb_mut();
    letters.load_font_data(FONT.to_vec());
    letters.set_sans_serif_family("Noto Sans");
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let size = tree.size().to_int_size();
    let (wide, high) = (size.width() * SCALE as u32, size.height() * SCALE as u32);
    let mut paper = Pixmap::new(wide, high).ok_or("a picture without size")?;
    paper.fill(Color::WHITE);
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut paper.as_mut(),
    );
    paper.encode_png().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    /// The bytes are those of every other machine; a new version of the drawing library may
    /// change them.
    #[test]
    fn the_same_picture_is_the_same_bytes() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 40\"><path d=\"M2 30L60 4L118 30\" fill=\"none\" stroke=\"#0b63a8\" stroke-width=\"2\"/><text x=\"10\" y=\"36\" font-size=\"11\" font-family=\"sans-serif\">Coal Уголь −12</text></svg>";
        let bytes = super::png(svg).expect("a picture");
        assert_eq!(&bytes[1..4], b"PNG");
        assert_eq!(
            saldo_store::hash(&bytes),
            "3e83ac6ccb02e56a23b409fd424283d5e0ebf3adf56b2bbf35b79a31b6121938"
        );
        let without = super::png(&svg.replace("Coal Уголь −12", "")).expect("a picture");
        assert!(bytes.len() > without.len() + 200, "the letters were drawn");
    }
}
