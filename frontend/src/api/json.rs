//! Reading JSON with little code. `serde_json` compiles a parser into each type that is read; here the text is parsed
//! once for all, into a tree, and what is compiled for each type only picks from it, by number instead of by name.
//! An error says nothing, so that no text of one is compiled either: whoever reads has one sentence for all of them.

use serde::{
    Deserializer, Serialize,
    de::{
        self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess,
        SeqAccess, VariantAccess, Visitor, value::U64Deserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value, map};
use std::{fmt, slice};

pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    read_tree(&serde_json::from_str(text).ok()?)
}

pub fn read_tree<T: DeserializeOwned>(tree: &Value) -> Option<T> {
    T::deserialize(Tree(tree)).ok()
}

pub fn write(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}

#[derive(Debug)]
struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Result<T> = std::result::Result<T, Unreadable>;

#[derive(Clone, Copy)]
struct Tree<'a>(&'a Value);

impl<'a> Tree<'a> {
    fn fields(self, names: &'static [&'static str]) -> Result<Fields<'a>> {
        let of = self.0.as_object().ok_or(Unreadable)?;
        Ok(Fields { of, names, next: 0, value: None })
    }

    fn items(self) -> Result<Items<'a>> {
        self.0.as_array().map(|items| Items(items.iter())).ok_or(Unreadable)
    }

    fn entries(self) -> Result<Entries<'a>> {
        let entries = self.0.as_object().ok_or(Unreadable)?;
        Ok(Entries { left: entries.iter(), value: None })
    }

    /// `"name"` or `{"name": content}`
    fn variant(self, names: &'static [&'static str]) -> Result<Variant<'a>> {
        let (name, content) = match self.0 {
            Value::String(name) => (name, None),
            Value::Object(only) if only.len() == 1 => {
                let (name, content) = only.iter().next().ok_or(Unreadable)?;
                (name, Some(Tree(content)))
            }
            _ => return Err(Unreadable),
        };
        let number = names.iter().position(|it| it == name).ok_or(Unreadable)?;
        Ok(Variant { number, content })
    }
}

impl<'de> Deserializer<'de> for Tree<'_> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => Err(Unreadable),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => visitor.visit_seq(self.items()?),
            Value::Object(_) => visitor.visit_map(self.entries()?),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_map(self.entries()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_map(self.fields(fields)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self.variant(variants)?)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// Those fields of a struct that are there, each by its number among the names.
struct Fields<'a> {
    of: &'a Map<String, Value>,
    names: &'static [&'static str],
    next: usize,
    value: Option<Tree<'a>>,
}

impl Fields<'_> {
    fn advance(&mut self) -> Option<usize> {
        while let Some(name) = self.names.get(self.next) {
            self.next += 1;
            self.value = self.of.get(*name).map(Tree);
            if self.value.is_some() {
                return Some(self.next - 1);
            }
        }
        None
    }
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.advance().map(|number| seed.deserialize(by_number(number))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(self.value.ok_or(Unreadable)?)
    }
}

struct Entries<'a> {
    left: map::Iter<'a>,
    value: Option<Tree<'a>>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((key, value)) = self.left.next() else {
            return Ok(None);
        };
        self.value = Some(Tree(value));
        seed.deserialize(key.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(self.value.ok_or(Unreadable)?)
    }
}

struct Items<'a>(slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        self.0.next().map(|item| seed.deserialize(Tree(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Variant<'a> {
    number: usize,
    content: Option<Tree<'a>>,
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        Ok((seed.deserialize(by_number(self.number))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<()> {
        if self.content.is_none() { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.content.ok_or(Unreadable)?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(self.content.ok_or(Unreadable)?.items()?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_map(self.content.ok_or(Unreadable)?.fields(fields)?)
    }
}

/// What `derive(Deserialize)` takes for a field's or a variant's name too.
fn by_number(number: usize) -> U64Deserializer<Unreadable> {
    (number as u64).into_deserializer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    enum Shape {
        Point,
        Circle(f32),
        Box { wide: u32, high: Option<i64> },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        flag: bool,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    enum Tagged {
        Named { name: String, inner: Inner },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Everything {
        #[serde(flatten)]
        inner: Inner,
        shapes: Vec<Shape>,
        #[serde(rename = "type")]
        kind: String,
        options: BTreeMap<String, i64>,
        tagged: Tagged,
        missing: Option<u16>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Plain {
        first: u8,
        second: String,
        #[serde(default)]
        third: Vec<()>,
    }

    #[test]
    fn what_serde_json_reads_is_read_the_same() {
        let everything = json!({
            "flag": true,
            "shapes": ["point", {"circle": 4}, {"circle": 0.5}, {"box": {"wide": 1, "high": -2, "deep": 3}}],
            "type": "a",
            "options": {"one": 1, "minus": -1},
            "tagged": {"kind": "named", "name": "n", "inner": {"flag": false}},
            "unknown": [{"deeper": null}],
        });
        let read_here: Option<Everything> = read(&everything.to_string());
        assert!(read_here.is_some());
        assert_eq!(read_here, serde_json::from_value(everything).ok());
        let plain = r#"{"unknown": 1, "second": "\u00e4\n", "first": 255}"#;
        let read_here: Option<Plain> = read(plain);
        assert!(read_here.is_some());
        assert_eq!(read_here, serde_json::from_str(plain).ok());
        assert_eq!(read::<()>("null"), Some(()));
        assert_eq!(read::<Option<Inner>>("null"), Some(None));
    }

    #[test]
    fn what_serde_json_refuses_is_refused() {
        for text in [
            "",
            "null",
            "[]",
            r#"{"first": 1"#,
            r#"{"first": 1}"#,
            r#"{"first": 256, "second": ""}"#,
            r#"{"first": -1, "second": ""}"#,
            r#"{"first": 1, "second": 2}"#,
            r#"{"first": 1, "second": null}"#,
            r#"{"first": 1, "second": "", "third": {}}"#,
        ] {
            assert_eq!(read::<Plain>(text), None, "{text}");
            assert!(serde_json::from_str::<Plain>(text).is_err(), "{text}");
        }
        for text in
            [r#""circle""#, r#"{"point": 1}"#, r#""square""#, r#"{"point": 1, "circle": 2}"#]
        {
            assert_eq!(read::<Shape>(text), None, "{text}");
            assert!(serde_json::from_str::<Shape>(text).is_err(), "{text}");
        }
    }
}
