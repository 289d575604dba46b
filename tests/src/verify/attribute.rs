//! Reading `DynamoDB` JSON (`{"S":"…"}`, `{"M":{…}}`) straight into the types of the domain, from text or from a tree,
//! with nothing built in between: a verifier that runs after each of many thousand schedules reads every item once.
//!
//! It takes what a state of ours is written as: texts, numbers, truths, nothing, maps and lists. Sets and bytes are
//! refused, and so are numbers that are not whole; no state holds any.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor},
    forward_to_deserialize_any,
};
use std::{fmt, marker::PhantomData};

/// A value that is written as an attribute.
pub struct Attribute<D>(pub D);

/// An attribute to be read as this type.
pub struct As<T>(PhantomData<T>);

impl<T> As<T> {
    /// As this type.
    pub const fn type_of() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for As<T> {
    type Value = T;
    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<T, D::Error> {
        T::deserialize(Attribute(value))
    }
}

#[derive(Clone, Copy, Deserialize)]
enum Tag {
    S,
    N,
    #[serde(rename = "BOOL")]
    Bool,
    #[serde(rename = "NULL")]
    Null,
    M,
    L,
}

/// What the type asks for, as far as it matters: all else follows from the tag.
#[derive(Clone, Copy)]
enum Wanted {
    Whatever,
    Option,
    Newtype,
    Enum(&'static str, &'static [&'static str]),
}

/// A value behind its tag.
struct Tagged<D> {
    tag: Tag,
    value: D,
}

macro_rules! wants {
    ($($method:ident($($name:ident: $type:ty),*) => $wanted:expr;)+) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_map(Untag { visitor, wanted: $wanted })
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Attribute<D> {
    type Error = D::Error;

    wants! {
        deserialize_any() => Wanted::Whatever;
        deserialize_option() => Wanted::Option;
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) => Wanted::Enum(name, variants);
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Untag { visitor, wanted: Wanted::Newtype })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

struct Untag<V> {
    visitor: V,
    wanted: Wanted,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Untag<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute with its type, like {\"S\":\"…\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let tag = map.next_key()?.ok_or_else(|| A::Error::custom("an attribute without a type"))?;
        map.next_value_seed(Behind { tag, untag: self })
    }
}

struct Behind<V> {
    tag: Tag,
    untag: Untag<V>,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Behind<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let (tagged, visitor) = (Tagged { tag: self.tag, value }, self.untag.visitor);
        match self.untag.wanted {
            Wanted::Whatever => tagged.deserialize_any(visitor),
            Wanted::Option => tagged.deserialize_option(visitor),
            Wanted::Newtype => visitor.visit_newtype_struct(tagged),
            Wanted::Enum(name, variants) => tagged.deserialize_enum(name, variants, visitor),
        }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.tag {
            Tag::S => self.value.deserialize_str(visitor),
            Tag::N => self.value.deserialize_str(Number(visitor)),
            Tag::Bool => self.value.deserialize_bool(visitor),
            Tag::Null => bool::deserialize(self.value).and_then(|_| visitor.visit_unit()),
            Tag::M => self.value.deserialize_map(Values(visitor)),
            Tag::L => self.value.deserialize_seq(Values(visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.tag {
            Tag::Null => bool::deserialize(self.value).and_then(|_| visitor.visit_none()),
            Tag::S | Tag::N | Tag::Bool | Tag::M | Tag::L => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    /// A variant without content is a text, one with content a map with one entry.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match self.tag {
            Tag::M => self.value.deserialize_map(OneVariant(visitor)),
            Tag::S | Tag::N | Tag::Bool | Tag::Null | Tag::L => self.value.deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A number comes as text.
struct Number<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Number<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, as text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        if let Ok(number) = text.parse::<u64>() {
            self.0.visit_u64(number)
        } else if let Ok(number) = text.parse::<i64>() {
            self.0.visit_i64(number)
        } else {
            Err(E::custom(format_args!("{text} is no whole number")))
        }
    }
}

/// Values of a map or a list, each an attribute again.
struct Values<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Values<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Each(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Each(seq))
    }
}

struct Each<A>(A);

/// A seed that is given an attribute.
struct Inner<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Inner<S> {
    type Value = S::Value;
    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Attribute(value))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Each<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Inner(seed))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Each<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Inner(seed))
    }
}

struct OneVariant<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for OneVariant<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Variant(map))
    }
}

struct Variant<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Variant<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), A::Error> {
        let name = self.0.next_key_seed(seed)?.ok_or_else(|| A::Error::custom("a map that names no variant"))?;
        Ok((name, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Variant<A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        self.0.next_value::<serde::de::IgnoredAny>().map(drop)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Inner(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, _: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Content(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(mut self, _: &'static [&'static str], visitor: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(Content(visitor))
    }
}

/// The content of a variant with fields.
struct Content<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Content<V> {
    type Value = V::Value;
    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        Attribute(value).deserialize_any(self.0)
    }
}
