//! A marketplace's history in the public Olist columns, from a seed: orders without items, orders of two sellers, ships
//! before the purchase, reviews that repeat, contradict and know no order, quotes and line breaks, a byte-order mark.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use std::{fmt::Write, path::Path};

/// A number after the other, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    fn id(&mut self, first: char) -> String {
        format!("{first}{:015x}{:016x}", self.next() >> 4, self.next())
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            list.swap(n, usize::try_from(self.below(n as u64 + 1)).unwrap());
        }
    }
}

/// An order; times are local.
pub struct Order {
    pub id: String,
    pub customer: String,
    pub purchased: NaiveDateTime,
    pub shipped: Option<NaiveDateTime>,
    pub delivered: Option<NaiveDateTime>,
    pub promised: NaiveDateTime,
}

/// One unit of an order.
pub struct Item {
    pub order: String,
    pub line: usize,
    pub seller: String,
}

/// What a customer said.
pub struct Review {
    pub id: String,
    pub order: String,
    pub score: u64,
    pub message: String,
    pub created: NaiveDateTime,
}

/// All of it.
pub struct History {
    pub orders: Vec<Order>,
    pub items: Vec<Item>,
    pub reviews: Vec<Review>,
}

const ORDERS: &str = "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,\
    order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date";
const ITEMS: &str = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value";
const REVIEWS: &str = "review_id,order_id,review_score,review_comment_title,review_comment_message,\
    review_creation_date,review_answer_timestamp";

/// How a seller sells: from which day, how many of a hundred orders, and how its parcels arrive.
struct Manner {
    id: String,
    from: NaiveDate,
    share: u64,
    flawless: bool,
}

const MESSAGES: [&str; 5] = [
    "Não recebi o produto",
    "Chegou quebrado, \"novo\" não era\nquero devolver",
    "cor errada; tamanho errado, tudo errado",
    "\n  ruim  \r\n",
    "péssimo",
];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn manners(dice: &mut Dice) -> Vec<Manner> {
    let mut manner = |first, from, share, flawless| Manner { id: dice.id(first), from, share, flawless };
    vec![
        manner('7', day(2017, 7, 3), 52, false),
        manner('2', day(2017, 7, 10), 13, true),
        manner('0', day(2017, 7, 5), 12, false),
        manner('0', day(2017, 12, 31), 9, false),
        manner('0', day(2018, 2, 3), 4, false),
        manner('3', day(2017, 10, 15), 6, false),
        manner('f', day(2017, 9, 1), 4, false),
    ]
}

impl History {
    /// So many orders.
    pub fn of(seed: u64, orders: usize) -> Self {
        let mut dice = Dice(seed);
        let sellers = manners(&mut dice);
        let mut history = Self { orders: Vec::new(), items: Vec::new(), reviews: Vec::new() };
        while history.orders.len() < orders {
            history.order(&mut dice, &sellers);
        }
        for n in 0..6 {
            let created = day(2018, 3, 1 + n).and_hms_opt(0, 0, 0).unwrap();
            let (id, order) = (dice.id('b'), dice.id('9'));
            history.reviews.push(Review { id, order, score: 1 + u64::from(n % 5), message: "?".to_owned(), created });
        }
        dice.shuffle(&mut history.orders);
        dice.shuffle(&mut history.items);
        dice.shuffle(&mut history.reviews);
        history
    }

    fn order(&mut self, dice: &mut Dice, sellers: &[Manner]) {
        let first = self.orders.len();
        // Each seller's first order is known, and two of them fall into an hour that daylight saving skips or repeats.
        let (seller, purchased) = match sellers.get(first) {
            Some(seller) => (seller, seller.from.and_hms_opt(0, 5 + 3 * u32::try_from(first).unwrap(), 0).unwrap()),
            None if first == sellers.len() => (&sellers[0], day(2018, 2, 17).and_hms_opt(23, 30, 0).unwrap()),
            None => Self::any_time(dice, sellers),
        };
        let hours = |dice: &mut Dice, from: u64, to: u64| {
            TimeDelta::minutes(i64::try_from((from * 60) + dice.below((to - from) * 60)).unwrap())
        };
        let shipped = (seller.flawless || !dice.percent(7)).then(|| {
            let early = !seller.flawless && dice.percent(4);
            if early { purchased - hours(dice, 1, 30) } else { purchased + hours(dice, 2, 200) }
        });
        let delivered = shipped.filter(|_| seller.flawless || !dice.percent(8)).map(|shipped| {
            let early = !seller.flawless && dice.percent(3);
            if early {
                shipped - hours(dice, 1, 9)
            } else {
                shipped + hours(dice, 3, if seller.flawless { 9 } else { 500 })
            }
        });
        let (id, customer) = (dice.id('a'), dice.id('c'));
        let bare = first > sellers.len() && dice.percent(9);
        if !bare {
            for item in 1..=(1 + dice.below(4)) {
                self.items.push(Item {
                    order: id.clone(),
                    line: usize::try_from(item).unwrap(),
                    seller: seller.id.clone(),
                });
            }
            if !seller.flawless && dice.percent(12) {
                let other = sellers.iter().find(|other| other.id != seller.id && !other.flawless).unwrap();
                self.items.push(Item { order: id.clone(), line: 9, seller: other.id.clone() });
            }
        }
        self.review(dice, &id, purchased, seller.flawless);
        let promised = purchased + TimeDelta::days(14);
        self.orders.push(Order { id, customer, purchased, shipped, delivered, promised });
    }

    fn any_time<'a>(dice: &mut Dice, sellers: &'a [Manner]) -> (&'a Manner, NaiveDateTime) {
        loop {
            let at = day(2017, 7, 1).and_hms_opt(0, 0, 0).unwrap()
                + TimeDelta::minutes(i64::try_from(dice.below(420 * 24 * 60)).unwrap());
            let mut drawn = dice.below(100);
            let seller = sellers.iter().find(|seller| {
                let hit = drawn < seller.share;
                drawn = drawn.saturating_sub(seller.share);
                hit
            });
            if let Some(seller) = seller.filter(|seller| at.date() > seller.from) {
                return (seller, at);
            }
        }
    }

    /// None, one or two reviews of an order, some of them twice; in the last quarter of 2017 many are unhappy.
    fn review(&mut self, dice: &mut Dice, order: &str, purchased: NaiveDateTime, flawless: bool) {
        let bad_times = (day(2017, 10, 1)..day(2018, 1, 1)).contains(&purchased.date());
        for _ in 0..dice.below(3) {
            let unhappy = !flawless && dice.percent(if bad_times { 80 } else { 22 });
            let score = if unhappy { 1 + dice.below(2) } else { 3 + dice.below(3) };
            let wordless = dice.percent(15);
            let message =
                if wordless { " ".to_owned() } else { MESSAGES[usize::try_from(dice.below(5)).unwrap()].to_owned() };
            let offset = i64::try_from(dice.below(30)).unwrap() - 2;
            let created = (purchased + TimeDelta::days(offset)).date().and_hms_opt(0, 0, 0).unwrap();
            let id = dice.id('b');
            let again = dice.percent(12);
            let review =
                || Review { id: id.clone(), order: order.to_owned(), score, message: message.clone(), created };
            self.reviews.push(review());
            if again {
                self.reviews.push(review());
            }
        }
    }

    /// The files, as the data set has them.
    pub fn write(&self, folder: &Path) {
        let time = |at: &NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
        let maybe = |at: &Option<NaiveDateTime>| at.as_ref().map(time).unwrap_or_default();
        let mut orders = format!("\u{feff}\"{}\"\n", ORDERS.replace(',', "\",\""));
        for o in &self.orders {
            let (shipped, delivered) = (maybe(&o.shipped), maybe(&o.delivered));
            let (at, promised) = (time(&o.purchased), time(&o.promised));
            writeln!(orders, "\"{}\",\"{}\",delivered,{at},{at},{shipped},{delivered},{promised}", o.id, o.customer)
                .unwrap();
        }
        let mut items = format!("{ITEMS}\n");
        for i in &self.items {
            let price = 10 + i.line;
            writeln!(items, "{},{},p0,{},2018-01-01 00:00:00,{price}.90,10.12", i.order, i.line, i.seller).unwrap();
        }
        let mut reviews = format!("{REVIEWS}\r\n");
        for r in &self.reviews {
            let message = r.message.replace('"', "\"\"");
            let at = time(&r.created);
            write!(reviews, "{},{},{},\"\",\"{message}\",{at},{at}\r\n", r.id, r.order, r.score).unwrap();
        }
        for (name, text) in [("orders", orders), ("order_items", items), ("order_reviews", reviews)] {
            std::fs::write(folder.join(format!("olist_{name}_dataset.csv")), text).unwrap();
        }
    }
}
