//! A topic's figures as a Markdown table.

pub struct Table {
    title: String,
    head: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(title: String, head: &'static [&'static str]) -> Self {
        Self {
            title,
            head,
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.head.len(), "a row of {}", self.title);
        self.rows.push(cells);
    }

    pub fn print(&self) {
        println!("\n## {}\n\n{}", self.title, line(self.head));
        println!("|{}", " --- |".repeat(self.head.len()));
        self.rows.iter().for_each(|row| println!("{}", line(row)));
    }
}

fn line(cells: &[impl AsRef<str>]) -> String {
    cells
        .iter()
        .fold("|".into(), |line, cell| format!("{line} {} |", cell.as_ref()))
}

/// The middle value; of an even number, the mean of the two in the middle.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        values[middle - 1].midpoint(values[middle])
    }
}
