//! Pages of lists: which one is asked for.

use booking_domain::draft::page::PageDraft;
use booking_domain::draft::reader::Draft;
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
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

impl From<PageQuery> for PageDraft {
    fn from(PageQuery { page_size, page_token }: PageQuery) -> Self {
        Self { page_size: page_size.map(Into::into), page_token }
    }
}

impl PageQuery {
    /// The page asked for.
    ///
    /// # Errors
    /// Every parameter that is wrong.
    pub fn parse(self) -> Result<PageRequest, Refusal> {
        PageDraft::from(self).parse()
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
    /// Every parameter that is wrong.
    pub fn parse(self) -> Result<PageRequest, Refusal> {
        let Self { page_size, page_token } = self;
        PageDraft::from(PageQuery { page_size, page_token }).as_long_as_may_be().parse()
    }
}
