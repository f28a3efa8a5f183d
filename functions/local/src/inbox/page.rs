//! The inbox for human eyes: one HTML page without scripts, styles or pictures from elsewhere.

use super::Message;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid GrayText; border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0; }
h2 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
pre { font: inherit; margin: .5rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
";

/// Messages contain what strangers typed, so every word of them is escaped.
pub fn page(messages: &[Message]) -> String {
    let list: String = messages.iter().map(article).collect();
    let list = if list.is_empty() {
        "<p>Nothing has been sent yet.</p>".to_owned()
    } else {
        list
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Inbox – Polyclinic</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Inbox</h1>\n<p>What the product sent, newest first. Nothing left this machine.</p>\n\
         {list}</main>\n</body>\n</html>\n"
    )
}

fn article(message: &Message) -> String {
    let title = message
        .subject
        .as_deref()
        .filter(|subject| !subject.is_empty())
        .unwrap_or("(no subject)");
    let title = if message.subject.is_some() {
        escape(title)
    } else {
        message.channel.name().to_owned()
    };
    let calendar = message.calendar.as_deref().map(|file| {
        let file = escape(file);
        format!("<details><summary>appointment.ics</summary><pre>{file}</pre></details>\n")
    });
    let calendar = calendar.unwrap_or_default();
    format!(
        "<article>\n<h2>{title}</h2>\n<p>{} to {} at <time datetime=\"{}\">{:.0}</time></p>\n<pre>{}</pre>\n{calendar}</article>\n",
        message.channel.name(),
        escape(&message.to),
        message.sent_at,
        message.sent_at,
        escape(&message.body),
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::{Channel, Inbox};
    use super::*;

    #[test]
    fn nothing_a_stranger_wrote_is_markup() {
        let inbox = Inbox::in_memory();
        inbox.record(
            Channel::Email,
            "<i>@b.example",
            Some("<script>1</script>".to_owned()),
            "\"&'<img src=x>",
        );
        let html = page(&inbox.newest(10));
        assert!(html.contains("&lt;script&gt;1&lt;/script&gt;"));
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<i>"));
    }

    #[test]
    fn an_empty_inbox_says_so() {
        assert!(page(&[]).contains("Nothing has been sent yet."));
    }
}
