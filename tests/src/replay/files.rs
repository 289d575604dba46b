//! The four files of the format, row by row.

use serde::{Deserialize, de::DeserializeOwned};
use std::path::{Path, PathBuf};

/// An order.
#[derive(Debug, Clone, Deserialize)]
pub struct OrderRow {
    pub order_id: String,
    pub customer_id: String,
    pub order_purchase_timestamp: String,
    pub order_delivered_carrier_date: String,
    pub order_delivered_customer_date: String,
    pub order_estimated_delivery_date: String,
}

/// One unit of an order.
#[derive(Debug, Clone, Deserialize)]
pub struct ItemRow {
    pub order_id: String,
    pub order_item_id: String,
    pub product_id: String,
    pub seller_id: String,
    pub price: String,
}

/// What a customer said of an order.
#[derive(Debug, Clone, Deserialize)]
pub struct ReviewRow {
    pub review_id: String,
    pub order_id: String,
    pub review_score: String,
    pub review_comment_message: String,
    pub review_creation_date: String,
}

/// All rows.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// Orders.
    pub orders: Vec<OrderRow>,
    /// Their units.
    pub items: Vec<ItemRow>,
    /// What customers said.
    pub reviews: Vec<ReviewRow>,
    /// Rows that could not be read, with file and line.
    pub unreadable: Vec<String>,
}

/// Why a folder cannot be replayed.
#[derive(Debug)]
pub enum ReadError {
    /// A file is not there, or cannot be read.
    Missing(PathBuf, std::io::Error),
    /// A file has other columns.
    Columns(PathBuf, String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(path, error) => write!(f, "{} cannot be read: {error}", path.display()),
            Self::Columns(path, error) => write!(f, "{} has no such columns: {error}", path.display()),
        }
    }
}

impl std::error::Error for ReadError {}

impl Files {
    /// Reads a folder.
    pub fn read(folder: &Path) -> Result<Self, ReadError> {
        let mut files = Self::default();
        files.orders = rows(folder, "olist_orders_dataset.csv", &mut files.unreadable)?;
        files.items = rows(folder, "olist_order_items_dataset.csv", &mut files.unreadable)?;
        files.reviews = rows(folder, "olist_order_reviews_dataset.csv", &mut files.unreadable)?;
        Ok(files)
    }
}

fn rows<T: DeserializeOwned>(folder: &Path, name: &str, unreadable: &mut Vec<String>) -> Result<Vec<T>, ReadError> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|error| ReadError::Missing(path.clone(), error))?;
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(plain);
    let headers = reader.headers().map_err(|error| ReadError::Columns(path.clone(), error.to_string()))?.clone();
    let mut read = Vec::new();
    for record in reader.records() {
        let row = record.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            record.deserialize(Some(&headers)).map_err(|error| {
                unreadable.push(format!("{name}:{line}: {error}"));
                error
            })
        });
        if let Ok(row) = row {
            read.push(row);
        }
    }
    Ok(read)
}
