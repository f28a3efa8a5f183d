//! What a token lets its bearer do: one service after the other, each with privileges that end by themselves.

use std::collections::BTreeMap;

use super::AgoraError;
use super::packing::{count, put_map, put_text, put_u16};

/// A channel's name has so many bytes at most.
const LONGEST_CHANNEL: usize = 64;
const CHANNEL_SIGNS: &str = " !#$%&()+-:;<=.>?@[]^_{}|~,";

const JOIN: u16 = 1;
const PUBLISH: [u16; 3] = [2, 3, 4];

/// Who somebody is in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uid {
    /// 0 stands for whoever holds the token.
    Number(u32),
    Account(String),
}

impl Uid {
    /// The number 0 packs as nothing; the account `0` is a name like any other.
    pub(super) fn text(&self) -> String {
        match self {
            Uid::Number(0) => String::new(),
            Uid::Number(number) => number.to_string(),
            Uid::Account(name) => name.clone(),
        }
    }
}

/// One thing that a token is good for.
#[derive(Debug, Clone)]
pub struct Service {
    kind: u16,
    /// Seconds from the issue on; 0 where the token's own end governs.
    privileges: BTreeMap<u16, u32>,
    members: Vec<u8>,
}

/// A channel of the real-time service, and who joins it.
#[derive(Debug, Clone)]
pub struct Rtc {
    channel: String,
    uid: Uid,
}

/// Of the second signalling service: what may be done with which of its things.
#[derive(Debug, Clone)]
pub struct Permission {
    pub resource_type: u16,
    pub permission_type: u16,
    pub resources: Vec<String>,
}

impl Rtc {
    pub fn new(channel: &str, uid: Uid) -> Result<Self, AgoraError> {
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || CHANNEL_SIGNS.contains(sign);
        if channel.is_empty() || channel.len() > LONGEST_CHANNEL || !channel.chars().all(is_sign) {
            return Err(AgoraError::Channel);
        }
        Ok(Self {
            channel: channel.to_owned(),
            uid,
        })
    }

    /// Joins, and sends sound, pictures and data.
    pub fn publisher(&self, seconds: u32) -> Result<Service, AgoraError> {
        let all = [JOIN].into_iter().chain(PUBLISH);
        self.with(all.map(|privilege| (privilege, seconds)).collect())
    }

    /// Joins. Nothing more, but only for projects that have co-host authentication switched on.
    pub fn subscriber(&self, seconds: u32) -> Result<Service, AgoraError> {
        self.with(BTreeMap::from([(JOIN, seconds)]))
    }

    pub fn with(&self, privileges: BTreeMap<u16, u32>) -> Result<Service, AgoraError> {
        let mut members = Vec::new();
        put_text(&mut members, &self.channel)?;
        put_text(&mut members, &self.uid.text())?;
        Ok(Service {
            kind: 1,
            privileges,
            members,
        })
    }
}

impl Service {
    /// Signalling, as this user.
    pub fn rtm(user: &str, seconds: u32) -> Result<Self, AgoraError> {
        Self::of_user(2, user, BTreeMap::from([(1, seconds)]))
    }

    /// Chat, as this user.
    pub fn chat_user(user: &str, seconds: u32) -> Result<Self, AgoraError> {
        Self::of_user(5, user, BTreeMap::from([(1, seconds)]))
    }

    /// Chat, for the administration of the app.
    pub fn chat_app(seconds: u32) -> Result<Self, AgoraError> {
        Self::of_user(5, "", BTreeMap::from([(2, seconds)]))
    }

    /// Signalling as this user, with these permissions and no others.
    pub fn rtm_with(user: &str, seconds: u32, permissions: &[Permission]) -> Result<Self, AgoraError> {
        let mut service = Self::of_user(8, user, BTreeMap::from([(1, seconds)]))?;
        let mut by_resource: BTreeMap<u16, BTreeMap<u16, &[String]>> = BTreeMap::new();
        for each in permissions {
            let of_resource = by_resource.entry(each.resource_type).or_default();
            of_resource.insert(each.permission_type, &each.resources);
        }
        let members = &mut service.members;
        put_u16(members, count(by_resource.len())?);
        for (resource, permissions) in by_resource {
            put_u16(members, resource);
            put_u16(members, count(permissions.len())?);
            for (permission, resources) in permissions {
                put_u16(members, permission);
                put_u16(members, count(resources.len())?);
                for name in resources {
                    put_text(members, name)?;
                }
            }
        }
        Ok(service)
    }

    fn of_user(kind: u16, user: &str, privileges: BTreeMap<u16, u32>) -> Result<Self, AgoraError> {
        let mut members = Vec::new();
        put_text(&mut members, user)?;
        Ok(Self {
            kind,
            privileges,
            members,
        })
    }

    pub(super) fn kind(&self) -> u16 {
        self.kind
    }

    pub(super) fn pack(&self, bytes: &mut Vec<u8>) -> Result<(), AgoraError> {
        put_u16(bytes, self.kind);
        put_map(bytes, &self.privileges)?;
        bytes.extend(&self.members);
        Ok(())
    }
}
