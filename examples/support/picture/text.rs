//! A bitmap that writes text with glyphs of its own, so that it needs no fonts of the system.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind,
};

/// The text of axes and captions.
pub(crate) const SMALL: i32 = 16;
/// The text of titles.
pub(crate) const LARGE: i32 = 20;

type Failure<'a> = DrawingErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>;

pub(crate) struct Canvas<'a>(BitMapBackend<'a>);

impl<'a> Canvas<'a> {
    pub(crate) fn new(rgb: &'a mut [u8], size: (u32, u32)) -> Self {
        Self(BitMapBackend::with_buffer(rgb, size))
    }
}

/// A style for text of one of the sizes here.
pub(crate) fn style(size: i32, color: RGBColor, horizontal: HPos) -> TextStyle<'static> {
    styled(FontStyle::Normal, size, color, horizontal)
}

pub(crate) fn bold(size: i32, color: RGBColor, horizontal: HPos) -> TextStyle<'static> {
    styled(FontStyle::Bold, size, color, horizontal)
}

fn styled(face: FontStyle, size: i32, color: RGBColor, horizontal: HPos) -> TextStyle<'static> {
    let mut style = TextStyle::from(("sans-serif", size, face).into_font())
        .pos(Pos::new(horizontal, VPos::Center));
    style.color = color.to_backend_color();
    style
}

fn raster<S: BackendTextStyle>(style: &S) -> (FontWeight, RasterHeight) {
    let weight = match style.style() {
        FontStyle::Bold => FontWeight::Bold,
        _ => FontWeight::Regular,
    };
    let height = if style.size() < 18.0 {
        RasterHeight::Size16
    } else {
        RasterHeight::Size20
    };
    (weight, height)
}

impl<'a> DrawingBackend for Canvas<'a> {
    type ErrorType = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), Failure<'a>> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), Failure<'a>> {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Result<(), Failure<'a>> {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), Failure<'a>> {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), Failure<'a>> {
        self.0.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), Failure<'a>> {
        let (weight, height) = raster(style);
        let advance = get_raster_width(weight, height) as i32;
        let (width, tall) = (advance * text.chars().count() as i32, height.val() as i32);
        let Pos { h_pos, v_pos } = style.anchor();
        let left = at.0
            - match h_pos {
                HPos::Left => 0,
                HPos::Center => width / 2,
                HPos::Right => width,
            };
        let top = at.1
            - match v_pos {
                VPos::Top => 0,
                VPos::Center => tall / 2,
                VPos::Bottom => tall,
            };
        let color = style.color();
        for (index, letter) in text.chars().enumerate() {
            let glyph = get_raster(letter, weight, height)
                .or_else(|| get_raster('?', weight, height))
                .expect("the font has a question mark");
            for (y, row) in glyph.rows().enumerate() {
                for (x, ink) in row.iter().enumerate().filter(|(_, ink)| **ink > 0) {
                    let point = (left + advance * index as i32 + x as i32, top + y as i32);
                    let alpha = color.alpha * f64::from(*ink) / 255.0;
                    self.0.draw_pixel(point, BackendColor { alpha, ..color })?;
                }
            }
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), Failure<'a>> {
        let (weight, height) = raster(style);
        let width = get_raster_width(weight, height) * text.chars().count();
        Ok((width as u32, height.val() as u32))
    }
}
