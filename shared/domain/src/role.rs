//! Who a person is in the product.

/// Three roles inside. Rights come from the session item, never from a token or a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Patient,
    Doctor,
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Patient, Role::Doctor, Role::Admin];

    /// As on the wire, but for the facial-derma product.
    pub fn word(self) -> &'static str {
        match self {
            Role::Patient => "patient",
            Role::Doctor => "doctor",
            Role::Admin => "admin",
        }
    }

    /// In either product's word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "patient" => Some(Role::Patient),
            "doctor" | "dermatologist" => Some(Role::Doctor),
            "admin" => Some(Role::Admin),
            _ => None,
        }
    }
}

/// The facial-derma product's words for the same roles: a doctor is a `dermatologist` there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FacialDermaRole {
    Patient,
    #[serde(alias = "doctor")]
    Dermatologist,
    Admin,
}

impl FacialDermaRole {
    /// As on the wire and in the sentences the clients show.
    pub fn word(self) -> &'static str {
        match self {
            FacialDermaRole::Patient => "patient",
            FacialDermaRole::Dermatologist => "dermatologist",
            FacialDermaRole::Admin => "admin",
        }
    }
}

impl From<Role> for FacialDermaRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Patient => FacialDermaRole::Patient,
            Role::Doctor => FacialDermaRole::Dermatologist,
            Role::Admin => FacialDermaRole::Admin,
        }
    }
}

impl From<FacialDermaRole> for Role {
    fn from(role: FacialDermaRole) -> Self {
        match role {
            FacialDermaRole::Patient => Role::Patient,
            FacialDermaRole::Dermatologist => Role::Doctor,
            FacialDermaRole::Admin => Role::Admin,
        }
    }
}
