//! Spanish.

use jiff::ZonedDateTime;

use super::when::{at, month, weekday};
use super::{Letter, Reader, compose};
use crate::notice::{Confidential, Notice};

const NOT_YOU: &str = "Si no fue usted, cambie su contraseña y escríbanos.";
const NO_CODE_ASKED: &str = "No lo comparta con nadie. Si no lo ha pedido, no tiene que hacer nada.";
const NOT_ASKED: &str = "Si no lo ha pedido usted, responda a este mensaje.";
const IN_THE_APP: &str = "Abra Polyclinic para verlo.";

const LOOK_AT_THE_REPORTS: &str = "Revise los informes. Solo otra persona que la que lo publicó puede reanudarla.";

pub fn letter(notice: &Notice, reader: &Reader) -> Letter {
    let subject = subject(notice);
    match notice {
        Notice::SignedUp => write(
            subject,
            &[
                "Su cuenta está lista. Ya puede iniciar sesión.",
                "Si no se ha registrado, responda a este mensaje y eliminaremos la cuenta.",
            ],
        ),
        Notice::SignedIn {
            address,
            user_agent,
            at,
        } => signed_in(subject, address, user_agent, *at),
        Notice::EmailVerification { code, link } => code_letter(subject, code, Some(link)),
        Notice::PasswordResetCode { code } => code_letter(subject, code, None),
        Notice::CodeForSignIn { code } => code_letter(subject, code, None),
        Notice::ContactChangeCode { code } => code_letter(subject, code, None),
        Notice::FirmwareAvailable { .. } => write(
            subject,
            &[&sentence(notice, reader), "Abra Polyclinic para instalarla."],
        ),
        Notice::FirmwareHalted { .. } => write(subject, &[&sentence(notice, reader), LOOK_AT_THE_REPORTS]),
        Notice::DoctorRejected { reason } => rejected(notice, reader, reason.as_deref()),
        Notice::AccountDeleted => write(subject, &[&sentence(notice, reader), NOT_ASKED]),
        Notice::AccountSuspended => write(
            subject,
            &[
                &sentence(notice, reader),
                "Responda a este mensaje si cree que es un error.",
            ],
        ),
        Notice::ExportReady => write(
            subject,
            &[
                &sentence(notice, reader),
                "Se guarda una semana. Abra Polyclinic para descargarla.",
            ],
        ),
        Notice::ExportFailed => write(
            subject,
            &[&sentence(notice, reader), "Abra Polyclinic para pedirla de nuevo."],
        ),
        Notice::PasswordChanged | Notice::ContactChanged | Notice::SessionChainEnded => {
            write(subject, &[&sentence(notice, reader), NOT_YOU])
        }
        Notice::AccountRestored | Notice::DoctorApproved => write(subject, &[&sentence(notice, reader)]),
        // Most say in one sentence what there is to be seen.
        _ => write(subject, &[&sentence(notice, reader), IN_THE_APP]),
    }
}

fn subject(notice: &Notice) -> &'static str {
    match notice {
        Notice::SignedUp => "Le damos la bienvenida a Polyclinic",
        Notice::SignedIn { .. } => "Nuevo inicio de sesión en su cuenta",
        Notice::EmailVerification { .. } => "Confirme su correo electrónico",
        Notice::PasswordResetCode { .. } => "Su código para crear una contraseña nueva",
        Notice::CodeForSignIn { .. } => "Su código para iniciar sesión",
        Notice::ContactChangeCode { .. } => "Su código para cambiar sus datos de contacto",
        Notice::FirmwareAvailable { .. } => "Una actualización para su dispositivo",
        Notice::FirmwareHalted { .. } => "Una actualización se ha detenido",
        Notice::DoctorRejected { .. } => "Su registro como profesional médico",
        Notice::AccountDeleted => "Su cuenta ha sido eliminada",
        Notice::PasswordChanged => "Su contraseña ha cambiado",
        Notice::ContactChanged => "Sus datos de contacto han cambiado",
        Notice::SessionChainEnded => "Se ha cerrado una sesión",
        Notice::AccountSuspended => "Su cuenta está suspendida",
        Notice::AccountRestored => "Su cuenta vuelve a estar abierta",
        Notice::DoctorApproved => "Su registro como profesional médico",
        Notice::ReviewRequested(_) => "Nueva solicitud de revisión",
        Notice::ReviewSubmitted(_) => "Su revisión está lista",
        Notice::ReviewRejected(_) => "Su solicitud de revisión",
        Notice::DoctorRefers(_) => "Un médico ha visto su resultado",
        Notice::RecordSigned => "Un documento nuevo de su médico",
        Notice::RecordAmended => "Un médico ha cambiado un documento",
        Notice::EmergencyAccess => "Acceso de emergencia a su historial",
        Notice::EmergencyAccessOpened => "Un acceso de emergencia por revisar",
        Notice::AppointmentBooked(_) => "Cita reservada",
        Notice::AppointmentMoved(_) => "Cita cambiada",
        Notice::AppointmentCancelled(_) => "Cita cancelada",
        Notice::AppointmentOffered(_) => "Le guardamos una hora",
        Notice::AppointmentReminder(_) => "Recordatorio de su cita",
        Notice::FamilyLinkAsked => "Alguien quiere vincularse con usted",
        Notice::FamilyLinkAccepted => "Vínculo familiar aceptado",
        Notice::FamilyLinkEnded => "Un vínculo familiar ha terminado",
        Notice::TicketAnswered => "Respuesta a su consulta",
        Notice::StockLow => "Quedan pocas existencias",
        Notice::PharmacyTakenOver => "Una farmacia ha cambiado de manos",
        Notice::ReservationEnded => "Una reserva ha terminado",
        Notice::ExportReady => "Sus datos están listos",
        Notice::ExportFailed => "No se han podido reunir sus datos",
        Notice::VitalsWarning => "Una medición que conviene mirar",
        Notice::VitalsUrgent => "Una medición que no puede esperar",
        Notice::VitalsSilent => "No llegan mediciones",
        Notice::FollowedVitalsUrgent(_) => "Alguien a quien acompaña puede necesitarle",
    }
}

fn write(subject: &str, paragraphs: &[&str]) -> Letter {
    compose("Hola:", subject, paragraphs)
}

fn signed_in(subject: &str, address: &str, user_agent: &str, at: jiff::Timestamp) -> Letter {
    let facts = format!("Cuándo: {at:.0}\nDesde: {address}\nCon: {user_agent}");
    write(
        subject,
        &[
            "Alguien ha iniciado sesión en su cuenta.",
            &facts,
            "Si no fue usted, cambie su contraseña.",
        ],
    )
}

fn rejected(notice: &Notice, reader: &Reader, reason: Option<&str>) -> Letter {
    let (sentence, reason) = (
        sentence(notice, reader),
        reason.map(|reason| format!("Motivo: {reason}")),
    );
    let paragraphs: Vec<&str> = [
        Some(sentence.as_str()),
        reason.as_deref(),
        Some("Puede corregir lo que envió y pedirlo de nuevo."),
    ]
    .into_iter()
    .flatten()
    .collect();
    write(subject(notice), &paragraphs)
}

fn code_letter(subject: &str, code: &Confidential, link: Option<&Confidential>) -> Letter {
    let code = format!("Su código es {}.", code.as_str());
    let link = link.map(|link| format!("O abra {}", link.as_str()));
    let paragraphs: Vec<&str> = [Some(code.as_str()), link.as_deref(), Some(NO_CODE_ASKED)]
        .into_iter()
        .flatten()
        .collect();
    write(subject, &paragraphs)
}

const EMERGENCY_ACCESS: &str =
    "Un médico ha abierto su historial por una emergencia. Su registro muestra lo que ha leído.";
const EMERGENCY_ACCESS_OPENED: &str =
    "Un médico ha abierto el historial de un paciente por una emergencia. Revíselo, por favor.";
const RESERVATION_ENDED: &str =
    "Un medicamento que estaba apartado para usted ya no se guarda. Puede reservarlo de nuevo.";

pub fn sentence(notice: &Notice, reader: &Reader) -> String {
    let text = match notice {
        Notice::SignedUp => "Le damos la bienvenida a Polyclinic.",
        Notice::SignedIn { .. } => "Alguien ha iniciado sesión en su cuenta.",
        Notice::EmailVerification { .. } => "Le hemos enviado un código para confirmar su correo electrónico.",
        Notice::PasswordResetCode { .. } => "Le hemos enviado un código para crear una contraseña nueva.",
        Notice::CodeForSignIn { .. } => "Le hemos enviado un código para iniciar sesión.",
        Notice::ContactChangeCode { .. } => "Le hemos enviado un código para cambiar sus datos de contacto.",
        Notice::PasswordChanged => "Su contraseña ha cambiado.",
        Notice::ContactChanged => "Su correo electrónico o su número de teléfono ha cambiado.",
        Notice::SessionChainEnded => "Se usó una sesión copiada. Hemos cerrado la sesión de ese dispositivo.",
        Notice::AccountSuspended => "Su cuenta está suspendida.",
        Notice::AccountRestored => "Su cuenta vuelve a estar abierta.",
        Notice::AccountDeleted => "Su cuenta y sus datos han sido eliminados.",
        Notice::DoctorApproved => "Su registro como profesional médico ha sido aprobado.",
        Notice::DoctorRejected { .. } => "Su registro como profesional médico no ha sido aprobado.",
        Notice::ReviewRequested(_) => "Un paciente le pide una revisión.",
        Notice::ReviewSubmitted(_) => "Un médico ha respondido a su solicitud de revisión.",
        Notice::ReviewRejected(_) => "Un médico ha rechazado su solicitud de revisión.",
        Notice::DoctorRefers(_) => "Un médico ha visto un resultado suyo. Lea pronto lo que dice, por favor.",
        Notice::RecordSigned => "Un médico ha añadido un documento a su historial.",
        Notice::RecordAmended => "Un médico ha cambiado un documento firmado de su historial.",
        Notice::EmergencyAccess => EMERGENCY_ACCESS,
        Notice::EmergencyAccessOpened => EMERGENCY_ACCESS_OPENED,
        Notice::FamilyLinkAsked => "Alguien pide vincularse con usted como familiar.",
        Notice::FamilyLinkAccepted => "Su solicitud de vínculo familiar ha sido aceptada.",
        Notice::FamilyLinkEnded => "Uno de sus vínculos familiares ha terminado.",
        Notice::TicketAnswered => "El equipo de ayuda ha respondido a su consulta.",
        Notice::PharmacyTakenOver => "Otro administrador se ha hecho cargo de una farmacia que era suya.",
        Notice::StockLow => "Queda poco de un medicamento en una farmacia que usted lleva.",
        Notice::ReservationEnded => RESERVATION_ENDED,
        Notice::ExportReady => "La copia de sus datos que pidió está lista.",
        Notice::ExportFailed => "La copia de sus datos que pidió no se ha podido hacer.",
        Notice::VitalsWarning => "Conviene mirar una medición suya. Abra la aplicación, por favor.",
        Notice::VitalsUrgent => "Una medición suya requiere atención ahora. Abra la aplicación, por favor.",
        Notice::VitalsSilent => "Hace un rato que no llegan mediciones suyas. Compruebe el dispositivo, por favor.",
        Notice::FollowedVitalsUrgent(_) => "Alguien cuyas mediciones sigue necesita atención y no ha respondido.",
        Notice::FirmwareAvailable { version } => {
            return format!("La versión {version} está lista para su dispositivo.");
        }
        Notice::FirmwareHalted { version } => {
            return format!("La distribución del firmware {version} se detuvo sola: fallaron demasiados dispositivos.");
        }
        Notice::AppointmentBooked(visit) => return at("Se ha reservado una cita suya: {}.", visit, reader),
        Notice::AppointmentMoved(visit) => return at("Una cita suya tiene ahora otra hora: {}.", visit, reader),
        Notice::AppointmentCancelled(visit) => return at("Se ha cancelado su cita: {}.", visit, reader),
        Notice::AppointmentOffered(visit) => {
            return at(
                "Le guardamos por un rato una hora que esperaba: {}. Confírmela, por favor.",
                visit,
                reader,
            );
        }
        Notice::AppointmentReminder(visit) => return at("Le recordamos su cita: {}.", visit, reader),
    };
    text.to_owned()
}

const WEEKDAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

pub fn day(at: &ZonedDateTime) -> String {
    let (weekday, month) = (weekday(at, WEEKDAYS), month(at, MONTHS));
    format!("{weekday} {} de {month} de {}", at.day(), at.year())
}
