//! What becomes of a change that a device made, perhaps long ago.

use super::{Data, HIGHEST_VERSION, Pen, Record, RecordRefused, RecordType, content};
use crate::id::{RecordId, UserId};
use crate::signing::joined;

/// A change that a device made of a version that it had.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    pub record: RecordId,
    pub record_type: RecordType,
    /// 0: the device made the record.
    pub base_version: u64,
    /// What it is to say; none to delete it.
    pub data: Option<Data>,
}

impl Edit {
    /// The same text for the same change, to be kept as a keyed hash.
    pub fn text(&self) -> String {
        joined(&[
            self.record.to_string(),
            self.record_type.word().to_owned(),
            self.base_version.to_string(),
            self.data.as_ref().map(content::canonical).unwrap_or_default(),
        ])
    }
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The record as it is then.
    Applied(Record),
    /// It is so already.
    AlreadySo(Record),
    /// The head is another version than the change was made from.
    Conflict,
}

/// `head`: the record as it is, none if there is none. Nothing of an edit that is taken is ever dropped: it becomes the
/// head, or one side of a conflict.
pub fn judge(head: Option<&Record>, patient: UserId, edit: &Edit, pen: Pen) -> Result<Verdict, RecordRefused> {
    if let Some(data) = &edit.data {
        content::check(data)?;
    }
    let Some(head) = head else {
        return match &edit.data {
            Some(data) if edit.base_version == 0 => Ok(Verdict::Applied(Record::new(
                edit.record,
                patient,
                edit.record_type,
                data.clone(),
                1,
                pen,
            ))),
            _ => Err(RecordRefused::NotFound),
        };
    };
    if head.record_type != edit.record_type {
        return Err(RecordRefused::AnotherType);
    }
    // Nor is it kept as a side of a conflict, which nobody could decide for it: the device keeps it.
    head.must_be_unsigned()?;
    let next = head.version + 1;
    match &edit.data {
        // Two people who delete the same thing agree.
        None if head.is_deleted => Ok(Verdict::AlreadySo(head.clone())),
        _ if edit.base_version != head.version || head.is_erased => Ok(Verdict::Conflict),
        _ if next > HIGHEST_VERSION => Err(RecordRefused::VersionOutOfRange),
        None => head.deleted(pen).map(Verdict::Applied),
        Some(data) => head.written(data.clone(), next, pen).map(Verdict::Applied),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use serde_json::json;

    fn pen() -> Pen {
        Pen {
            person: UserId::new(Timestamp::UNIX_EPOCH, [1; 6]),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn edit(base_version: u64, text: Option<&str>) -> Edit {
        Edit {
            record: RecordId::new(Timestamp::UNIX_EPOCH, [2; 6]),
            record_type: RecordType::Diagnosis,
            base_version,
            data: text.map(|text| json!({ "text": text }).as_object().unwrap().clone()),
        }
    }

    fn judged(head: Option<&Record>, edit: &Edit) -> Result<Verdict, RecordRefused> {
        judge(head, pen().person, edit, pen())
    }

    fn applied(head: Option<&Record>, edit: &Edit) -> Record {
        match judged(head, edit) {
            Ok(Verdict::Applied(record)) => record,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_change_of_the_head_is_the_next_head_and_any_other_a_conflict() {
        let first = applied(None, &edit(0, Some("a")));
        let second = applied(Some(&first), &edit(1, Some("b")));
        assert_eq!((first.version, second.version), (1, 2));
        for base in [0, 1, 3] {
            assert_eq!(judged(Some(&second), &edit(base, Some("c"))), Ok(Verdict::Conflict));
            assert_eq!(
                judged(Some(&second), &edit(base, None)),
                Ok(Verdict::Conflict),
                "delete against edit"
            );
        }
        let deleted = applied(Some(&second), &edit(2, None));
        assert_eq!(
            judged(Some(&deleted), &edit(2, Some("c"))),
            Ok(Verdict::Conflict),
            "edit against delete"
        );
        assert_eq!(
            judged(Some(&deleted), &edit(1, None)),
            Ok(Verdict::AlreadySo(deleted.clone()))
        );
        assert!(applied(Some(&deleted), &edit(3, Some("again"))).is_live());
        let erased = second.erased(pen()).unwrap();
        assert_eq!(judged(Some(&erased), &edit(3, Some("c"))), Ok(Verdict::Conflict));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(judged(None, &edit(3, Some("a"))), Err(RecordRefused::NotFound));
        assert_eq!(judged(None, &edit(0, None)), Err(RecordRefused::NotFound));
        let first = applied(None, &edit(0, Some("a")));
        let other = Edit {
            record_type: RecordType::Treatment,
            ..edit(1, Some("b"))
        };
        assert_eq!(judged(Some(&first), &other), Err(RecordRefused::AnotherType));
        let last = Record {
            version: HIGHEST_VERSION,
            ..first
        };
        assert_eq!(
            judged(Some(&last), &edit(HIGHEST_VERSION, Some("b"))),
            Err(RecordRefused::VersionOutOfRange)
        );
    }
}
