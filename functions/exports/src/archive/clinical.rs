//! The FHIR bundle while it grows: who is known by which name, and that every reference leads somewhere.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use data_encoding::BASE64;
use domain::export::Export;
use domain::fhir::{
    Agent, Attachment, CodeableConcept, Coding, Collection, CollectionType, Content, Device, DeviceName, DeviceVersion,
    DocumentReference, DocumentStatus, Entry, HumanName, Id, Identifier, Instant, Observation, Practitioner,
    Provenance, Reference, Resource, ResultStatus, Signature, Text,
};
use domain::id::UserId;
use domain::picture_link::{DocumentName, Linked, PictureName};
use domain::prediction::ModelIdentity;
use jiff::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use runtime::Problem;

use super::spool::{Spool, SpoolReader};

const PATIENT: &str = "Patient";
const PRACTITIONER: &str = "Practitioner";
const OBSERVATION: &str = "Observation";
const DOCUMENT: &str = "DocumentReference";
const DEVICE: &str = "Device";

/// What models are, as devices.
const MODEL: &str = "Software that reads pictures";
const GONE: &str = "No longer kept";

pub struct Clinical {
    base: String,
    patient: UserId,
    entries: Spool,
    written: HashSet<String>,
    /// By kind: what something refers to.
    named: BTreeSet<(&'static str, Id)>,
    doctors: BTreeMap<UserId, Doctor>,
}

/// As far as anything says it.
#[derive(Default)]
struct Doctor {
    name: Option<Text>,
    license: Option<Text>,
}

impl Clinical {
    pub fn new(export: &Export) -> Result<Self, Problem> {
        let mut entries = Spool::new()?;
        let head = Collection {
            id: Id::new(export.id.to_string()),
            kind: CollectionType::Collection,
            timestamp: Instant::new(export.created_at),
        };
        let head = json(&head)?;
        // Its end is written when all entries are.
        entries.write(head.strip_suffix(b"}").unwrap_or(&head))?;
        entries.write(b",\"entry\":[\n")?;
        Ok(Self {
            base: format!("{}/fhir", export.base_url),
            patient: export.patient,
            entries,
            written: HashSet::new(),
            named: BTreeSet::new(),
            doctors: BTreeMap::new(),
        })
    }

    pub fn patient(&self) -> Id {
        Id::new(self.patient.to_string())
    }

    /// The patient, as what a resource is about.
    pub fn subject(&mut self) -> Reference {
        let patient = self.patient();
        self.refer(PATIENT, patient)
    }

    pub fn observation(&mut self, id: &Id) -> Reference {
        self.refer(OBSERVATION, id.clone())
    }

    pub fn picture(&mut self, picture: &PictureName) -> Reference {
        self.refer(DOCUMENT, document_id(picture))
    }

    /// Somebody by their id, and what they are called if anything says it.
    pub fn doctor(&mut self, id: UserId, name: Option<&str>, license: Option<&str>) -> Reference {
        let known = self.doctors.entry(id).or_default();
        known.name = name.and_then(Text::new).or(known.name.take());
        known.license = license.and_then(Text::new).or(known.license.take());
        self.refer(PRACTITIONER, Id::new(id.to_string()))
    }

    /// A model that reads pictures.
    pub fn model(&mut self, model: &ModelIdentity) -> Result<Reference, Problem> {
        let id = format!("model {} {} {}", model.name, model.version, model.weights_sha256);
        let versions = [
            Some(model.version.clone()),
            Some(format!("sha256:{}", model.weights_sha256)),
        ];
        self.software(Id::new(id), &model.name, versions, None)
    }

    /// Software by another company, or ours.
    pub fn software(
        &mut self,
        id: Id,
        name: &str,
        versions: [Option<String>; 2],
        manufacturer: Option<&'static str>,
    ) -> Result<Reference, Problem> {
        let name = Text::new(name).map(|name| DeviceName {
            name,
            kind: "model-name",
        });
        let versions = versions.into_iter().flatten().filter_map(Text::new);
        self.add(Resource::Device(Device {
            id: id.clone(),
            manufacturer: manufacturer.map(Text::from),
            device_name: name.into_iter().collect(),
            kind: MODEL.into(),
            version: versions.map(|value| DeviceVersion { value }).collect(),
        }))?;
        Ok(self.refer(DEVICE, id))
    }

    /// A kind and a name of ours.
    pub fn identifier(&self, kind: &str, value: &str) -> Option<Identifier> {
        let system = format!("{}/identifier/{kind}", self.base);
        Text::new(value).map(|value| Identifier { system, value })
    }

    /// Once: a second one of the same name is left out.
    pub fn add(&mut self, resource: Resource) -> Result<(), Problem> {
        let name = resource.name();
        let full_url = format!("{}/{name}", self.base);
        if !self.written.insert(name) {
            return Ok(());
        }
        if self.written.len() > 1 {
            self.entries.write(b",\n")?;
        }
        self.entries.write(&json(&Entry { full_url, resource })?)
    }

    pub fn add_all(&mut self, resources: Vec<Resource>) -> Result<(), Problem> {
        resources.into_iter().try_for_each(|resource| self.add(resource))
    }

    /// `jpeg`: none where it is not kept any more.
    pub fn add_picture(&mut self, picture: &PictureName, jpeg: Option<&[u8]>) -> Result<(), Problem> {
        let attachment = match jpeg {
            Some(jpeg) => Attachment {
                content_type: Some("image/jpeg".into()),
                url: Some(format!("../pictures/{}", picture.as_str())),
                size: u32::try_from(jpeg.len()).ok(),
                hash: Some(BASE64.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, jpeg).as_ref())),
                title: None,
            },
            None => gone(),
        };
        self.add_document(document_id(picture), "Picture", attachment)
    }

    /// `pdf`: none where it is not kept any more.
    pub fn add_pdf(&mut self, document: &DocumentName, pdf: Option<&[u8]>) -> Result<(), Problem> {
        let attachment = match pdf {
            Some(pdf) => Attachment {
                content_type: Some("application/pdf".into()),
                url: Some(format!("../documents/{}", document.as_str())),
                size: u32::try_from(pdf.len()).ok(),
                hash: Some(BASE64.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, pdf).as_ref())),
                title: None,
            },
            None => gone(),
        };
        self.add_document(document_id(document), "Document", attachment)
    }

    fn add_document(&mut self, id: Id, kind: &'static str, attachment: Attachment) -> Result<(), Problem> {
        let subject = self.subject();
        self.add(Resource::DocumentReference(DocumentReference {
            id,
            status: DocumentStatus::Current,
            kind: kind.into(),
            subject,
            content: [Content { attachment }],
        }))
    }

    /// What a doctor has signed, and that we vouch for it: `hash` is our keyed hash, in hexadecimal digits.
    pub fn add_signed(
        &mut self,
        id: &Id,
        said: Vec<Resource>,
        doctor: Reference,
        at: Timestamp,
        hash: &str,
    ) -> Result<(), Problem> {
        let target: Vec<Reference> = said.iter().map(Resource::reference).collect();
        self.add_all(said)?;
        let when = Instant::new(at).filter(|_| !target.is_empty());
        let Some(when) = when else { return Ok(()) };
        let hash = data_encoding::HEXLOWER.decode(hash.as_bytes()).unwrap_or_default();
        let verification = Coding {
            system: "urn:iso-astm:E1762-95:2013",
            code: "1.2.840.10065.1.12.1.5",
            display: Some("Verification Signature"),
        };
        let signature = (!hash.is_empty()).then(|| Signature {
            kind: [verification],
            when,
            who: Reference::Display("Polyclinic".into()),
            sig_format: Some("application/octet-stream"),
            data: Some(BASE64.encode(&hash)),
        });
        self.add(Resource::Provenance(Provenance {
            id: Id::new(format!("provenance-{id}")),
            target,
            recorded: when,
            agent: [Agent { who: doctor }],
            signature: signature.into_iter().collect(),
        }))
    }

    /// The whole bundle, and how many resources it has.
    pub fn close(mut self) -> Result<(SpoolReader, u64), Problem> {
        for (kind, id) in std::mem::take(&mut self.named) {
            if !self.written.contains(&format!("{kind}/{id}")) {
                self.add_stub(kind, id)?;
            }
        }
        let count = self.written.len() as u64;
        self.entries.write(b"\n]}\n")?;
        Ok((self.entries.into_reader()?, count))
    }

    fn refer(&mut self, kind: &'static str, id: Id) -> Reference {
        let name = format!("{kind}/{id}");
        self.named.insert((kind, id));
        Reference::Reference(name)
    }

    /// Doctors, of whom only this much is the patient's; and what went while the archive was made.
    fn add_stub(&mut self, kind: &'static str, id: Id) -> Result<(), Problem> {
        match kind {
            PRACTITIONER => {
                let practitioner = self.practitioner(id);
                self.add(Resource::Practitioner(practitioner))
            }
            OBSERVATION => {
                let subject = self.subject();
                let stub = Observation::new(id, ResultStatus::Unknown, GONE.into(), subject);
                self.add(Resource::Observation(stub))
            }
            DOCUMENT => self.add_document(id, "Picture", gone()),
            _ => Err(Problem::internal(format!("a bundle has no {kind}"))),
        }
    }

    fn practitioner(&mut self, id: Id) -> Practitioner {
        let user = id.to_string().parse().ok();
        let doctor = user
            .and_then(|user: UserId| self.doctors.remove(&user))
            .unwrap_or_default();
        let license = doctor
            .license
            .and_then(|license| self.identifier("license", license.as_str()));
        let name = doctor.name.map(|text| HumanName { text: Some(text) });
        Practitioner {
            id,
            identifier: license.into_iter().collect(),
            name: name.into_iter().collect(),
        }
    }
}

/// In words of ours.
pub fn category(code: &'static str, display: &'static str) -> Vec<CodeableConcept> {
    let system = "http://terminology.hl7.org/CodeSystem/observation-category";
    vec![CodeableConcept::coded(system, code, display)]
}

fn gone() -> Attachment {
    Attachment {
        title: Some(GONE.into()),
        ..Attachment::default()
    }
}

fn document_id(name: &impl Linked) -> Id {
    let name = name.as_str();
    Id::new(name.split('.').next().unwrap_or(name))
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::internal(error.to_string()))
}
