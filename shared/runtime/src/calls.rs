//! Where calls go through: the project at Agora, and the servers by which browsers find a way to one another.

use clients::agora;
use domain::consultation::ice;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSettings {
    /// `AGORA_APP_ID`: 32 hexadecimal digits; without it, and its certificate, there are no video channels.
    pub agora_app_id: Option<String>,
    /// `STUN_URLS`: with commas.
    pub stun_urls: Vec<String>,
    /// `TURN_URLS`: with commas. They go out with a credential made with `TURN_SECRET`, or not at all.
    pub turn_urls: Vec<String>,
}

impl CallSettings {
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let list = |name| {
            let text = variable(name).unwrap_or_default();
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(str::to_owned).collect::<Vec<_>>()
        };
        let settings = Self {
            agora_app_id: variable("AGORA_APP_ID"),
            stun_urls: list("STUN_URLS"),
            turn_urls: list("TURN_URLS"),
        };
        let problems: Vec<String> = settings.problems().map(str::to_owned).collect();
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems)
        }
    }

    /// The variables that these settings are read from.
    pub fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("AGORA_APP_ID", self.agora_app_id.clone().unwrap_or_default()),
            ("STUN_URLS", self.stun_urls.join(",")),
            ("TURN_URLS", self.turn_urls.join(",")),
        ]
    }

    fn problems(&self) -> impl Iterator<Item = &'static str> {
        let checks = [
            (
                self.agora_app_id.as_deref().is_none_or(agora::is_app_text),
                "AGORA_APP_ID must be 32 hexadecimal digits",
            ),
            (
                self.stun_urls.iter().all(|url| ice::is_stun(url)),
                "STUN_URLS must be like stun:host:3478, with commas",
            ),
            (
                self.turn_urls.iter().all(|url| ice::is_turn(url)),
                "TURN_URLS must be like turn:host:3478?transport=udp, with commas",
            ),
        ];
        checks
            .into_iter()
            .filter(|(is_right, _)| !is_right)
            .map(|(_, problem)| problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_malformed_is_reported_together() {
        let wrong = CallSettings::read(|name| Some(format!("{name}, x")));
        assert_eq!(wrong.unwrap_err().len(), 3);
        let right = CallSettings::read(|name| match name {
            "AGORA_APP_ID" => Some("0123456789abcdef0123456789ABCDEF".to_owned()),
            "STUN_URLS" => Some("stun:a.example.org, stun:b.example.org:3478".to_owned()),
            _ => None,
        });
        let right = right.unwrap();
        assert_eq!((right.stun_urls.len(), right.turn_urls.len()), (2, 0));
        let again = CallSettings::read(|name| {
            let variables = right.variables().into_iter();
            let found = variables.into_iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| value).filter(|value| !value.is_empty())
        });
        assert_eq!(again, Ok(right));
        assert_eq!(CallSettings::read(|_| None), Ok(CallSettings::default()));
    }
}
