//! Spanish.

use super::{Letter, compose};
use crate::notice::{Confidential, Notice};

const NOT_YOU: &str = "Si no fue usted, cambie su contraseña y escríbanos.";
const NO_CODE_ASKED: &str = "No lo comparta con nadie. Si no lo ha pedido, no tiene que hacer nada.";
const IN_THE_APP: &str = "Abra Polyclinic para verlo.";

pub fn letter(notice: &Notice) -> Letter {
    match notice {
        Notice::SignedUp => write(
            "Le damos la bienvenida a Polyclinic",
            &[
                "Su cuenta está lista. Ya puede iniciar sesión.",
                "Si no se ha registrado, responda a este mensaje y eliminaremos la cuenta.",
            ],
        ),
        Notice::SignedIn {
            address,
            user_agent,
            at,
        } => signed_in(address, user_agent, *at),
        Notice::EmailVerification { code, link } => code_letter("Confirme su correo electrónico", code, Some(link)),
        Notice::PasswordResetCode { code } => code_letter("Su código para crear una contraseña nueva", code, None),
        Notice::CodeForSignIn { code } => code_letter("Su código para iniciar sesión", code, None),
        Notice::ContactChangeCode { code } => code_letter("Su código para cambiar sus datos de contacto", code, None),
        Notice::FirmwareAvailable { version } => {
            let news = format!("La versión {version} está lista para su dispositivo.");
            write(
                "Una actualización para su dispositivo",
                &[&news, "Abra Polyclinic para instalarla."],
            )
        }
        Notice::DoctorRejected { reason: Some(reason) } => write(
            "Su registro como profesional médico",
            &[
                &sentence(notice),
                &format!("Motivo: {reason}"),
                "Puede corregir lo que envió y pedirlo de nuevo.",
            ],
        ),
        Notice::DoctorRejected { reason: None } => write(
            "Su registro como profesional médico",
            &[&sentence(notice), "Puede corregir lo que envió y pedirlo de nuevo."],
        ),
        Notice::AccountDeleted => write(
            "Su cuenta ha sido eliminada",
            &[&sentence(notice), "Si no lo ha pedido usted, responda a este mensaje."],
        ),
        Notice::PasswordChanged => write("Su contraseña ha cambiado", &[&sentence(notice), NOT_YOU]),
        Notice::ContactChanged => write("Sus datos de contacto han cambiado", &[&sentence(notice), NOT_YOU]),
        Notice::SessionChainEnded => write(
            "Se ha cerrado la sesión de un dispositivo",
            &[&sentence(notice), NOT_YOU],
        ),
        Notice::AccountSuspended => write(
            "Su cuenta está suspendida",
            &[&sentence(notice), "Responda a este mensaje si cree que es un error."],
        ),
        Notice::AccountRestored => write("Su cuenta vuelve a estar abierta", &[&sentence(notice)]),
        Notice::DoctorApproved => write("Su registro como profesional médico", &[&sentence(notice)]),
        Notice::ReviewRequested(_) => write("Nueva solicitud de revisión", &[&sentence(notice), IN_THE_APP]),
        Notice::ReviewSubmitted(_) => write("Su revisión está lista", &[&sentence(notice), IN_THE_APP]),
        Notice::ReviewRejected(_) => write("Su solicitud de revisión", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkAsked => write("Alguien quiere vincularse con usted", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkAccepted => write("Vínculo familiar aceptado", &[&sentence(notice), IN_THE_APP]),
        Notice::FamilyLinkEnded => write("Un vínculo familiar ha terminado", &[&sentence(notice), IN_THE_APP]),
        Notice::TicketAnswered => write("Respuesta a su consulta", &[&sentence(notice), IN_THE_APP]),
    }
}

fn write(subject: &str, paragraphs: &[&str]) -> Letter {
    compose("Hola:", subject, paragraphs)
}

fn signed_in(address: &str, user_agent: &str, at: jiff::Timestamp) -> Letter {
    let facts = format!("Cuándo: {at:.0}\nDesde: {address}\nCon: {user_agent}");
    write(
        "Nuevo inicio de sesión en su cuenta",
        &[
            "Alguien ha iniciado sesión en su cuenta.",
            &facts,
            "Si no fue usted, cambie su contraseña.",
        ],
    )
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

pub fn sentence(notice: &Notice) -> String {
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
        Notice::FamilyLinkAsked => "Alguien pide vincularse con usted como familiar.",
        Notice::FamilyLinkAccepted => "Su solicitud de vínculo familiar ha sido aceptada.",
        Notice::FamilyLinkEnded => "Uno de sus vínculos familiares ha terminado.",
        Notice::TicketAnswered => "El equipo de ayuda ha respondido a su consulta.",
        Notice::FirmwareAvailable { version } => {
            return format!("La versión {version} está lista para su dispositivo.");
        }
    };
    text.to_owned()
}
