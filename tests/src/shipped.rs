//! What all worlds have in common, read once: a world is made for each test.

use crate::template::Template;
use domain::book::Book;
use std::sync::{Arc, LazyLock};

/// The template.
pub static TEMPLATE: LazyLock<Arc<Template>> = LazyLock::new(|| Arc::new(Template::load()));

/// The book.
pub static BOOK: LazyLock<Arc<Book>> = LazyLock::new(|| Arc::new(Book::shipped().expect("the book is whole")));
