//! Which instance is asked.

#[derive(Clone, Debug)]
pub struct OverpassSettings {
    /// `https://overpass-api.de`, another instance, or a stand-in.
    pub base_url: String,
}
