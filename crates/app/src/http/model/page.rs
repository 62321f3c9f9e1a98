//! Pages of lists: which one is asked for.

use booking_domain::invalid::Invalid;
use booking_domain::page::PageRequest;
use booking_domain::refusal::{Fields, Refusal};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many entries at most; 50 unless said.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 200, nullable = false)]
    pub page_size: Option<String>,
    /// Where the last page ended: its `next_page_token`.
    #[param(nullable = false)]
    pub page_token: Option<String>,
}

impl PageQuery {
    /// The page asked for, or nothing and a note about what is wrong.
    pub fn read(self, fields: &mut Fields) -> Option<PageRequest> {
        let wrong = Invalid("must be between 1 and 200");
        let size = self.page_size.map(|text| text.parse::<u32>().map_err(|_| wrong)).transpose();
        let size = fields.take("page_size", size.and_then(PageRequest::parse_size))?;
        Some(PageRequest { size, token: self.page_token.filter(|token| !token.is_empty()) })
    }

    /// The page asked for.
    ///
    /// # Errors
    /// A parameter is wrong.
    pub fn parse(self) -> Result<PageRequest, Refusal> {
        let mut fields = Fields::default();
        let page = self.read(&mut fields);
        fields.finish(page)
    }
}

/// Which page of a list that had no pages once: whoever does not say gets as much as there may be.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LongPageQuery {
    /// How many entries at most; 200 unless said.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 200, nullable = false)]
    pub page_size: Option<String>,
    /// Where the last page ended: its `next_page_token`.
    #[param(nullable = false)]
    pub page_token: Option<String>,
}

impl LongPageQuery {
    /// The page asked for.
    ///
    /// # Errors
    /// A parameter is wrong.
    pub fn parse(self) -> Result<PageRequest, Refusal> {
        let page_size = self.page_size.or_else(|| Some(PageRequest::longest().size.to_string()));
        PageQuery { page_size, page_token: self.page_token }.parse()
    }
}
