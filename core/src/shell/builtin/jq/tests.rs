//! What filters make of values.

use super::*;

fn check(filter: &str, input: &str, expected: &str) {
    let got = match parse::filter(filter) {
        Err(why) => why,
        Ok(filter) => {
            let input = Reader::new(input).value().unwrap_or_else(|why| panic!("{input}: {why}"));
            let mut results = Vec::new();
            let done = apply(&filter, &input, &Vec::new(), &mut results);
            let mut texts: Vec<String> = results.iter().map(|result| result.written(false, false)).collect();
            texts.extend(done.err());
            texts.join(" ")
        }
    };
    assert_eq!(got, expected, "of {filter} on {input}");
}

const SERVICE: &str = r#"[{"ID":"a1","Spec":{"Name":"web","Mode":{"Replicated":{"Replicas":3}},"Labels":{}}},{"ID":"b2","Spec":{"Name":"db","Labels":{"x":"1"}}}]"#;

#[test]
fn paths() {
    check(".[0].Spec.Name", SERVICE, r#""web""#);
    check(".[].Spec.Name", SERVICE, r#""web" "db""#);
    check(".[] | .Spec.Mode.Replicated.Replicas", SERVICE, "3 null");
    check(".[-1].ID, .[1][\"ID\"], .[0].\"ID\"", SERVICE, r#""b2" "b2" "a1""#);
    check(".[0:1] | length", SERVICE, "1");
    check(".[0].ID[1:]", SERVICE, r#""1""#);
    check(".a.b?, .a?", r#"{"a":1}"#, "1");
    check("..|numbers", r#"{"a":[1,{"b":2}]}"#, "1 2");
    check(".a", "[1]", "Cannot index array with \"a\"");
    check(".[]", "3", "Cannot iterate over number (3)");
}

#[test]
fn selections_and_functions() {
    check("map(select(.Spec.Name == \"db\")) | .[0].ID", SERVICE, r#""b2""#);
    check(".[] | select(.Spec.Labels.x) | .ID", SERVICE, r#""b2""#);
    check("[.[].ID] | join(\",\")", SERVICE, r#""a1,b2""#);
    check("map({name: .Spec.Name, ID})", SERVICE, r#"[{"name":"web","ID":"a1"},{"name":"db","ID":"b2"}]"#);
    check(".[0] | keys", SERVICE, r#"["ID","Spec"]"#);
    check("map(.Spec.Labels | length) | add", SERVICE, "1");
    check("sort_by(.Spec.Name) | map(.ID)", SERVICE, r#"["b2","a1"]"#);
    check(
        "group_by(.t) | map({t: .[0].t, n: length})",
        r#"[{"t":1},{"t":2},{"t":1}]"#,
        r#"[{"t":1,"n":2},{"t":2,"n":1}]"#,
    );
    check("to_entries[] | \"\\(.key)=\\(.value)\"", r#"{"a":1,"b":"x"}"#, r#""a=1" "b=x""#);
    check("with_entries(select(.value > 1))", r#"{"a":1,"b":2}"#, r#"{"b":2}"#);
    check(".x // \"none\"", "{}", r#""none""#);
    check("if . > 2 then \"big\" elif . == 2 then \"two\" else \"small\" end", "2", r#""two""#);
    check("1 + 2 * 3, 7 / 2, -1", "null", "7 3.5 -1");
    check("test(\"^w.*\\\\d\")", r#""web1""#, "true");
    check("split(\"/\") | last", r#""a/b""#, r#""b""#);
    check("[.[] | tonumber] | max", r#"["3","10"]"#, "10");
    check(". as $x | $x + 1", "1", "2");
    check("del(.a)", r#"{"a":1,"b":2}"#, r#"{"b":2}"#);
    check("@csv", r#"[1,"a\"b"]"#, r#""1,\"a\"\"b\"""#);
    check("any, all", "[true,false]", "true false");
    check(".big", r#"{"big":12345678901234567890}"#, "12345678901234567890");
}

#[test]
fn what_is_wrong_is_said() {
    check(".a |", "{}", "syntax error, unexpected end of file");
    check("nope", "{}", "nope/0 is not defined");
    check(".a + 1", r#"{"a":"x"}"#, r#"string ("x") and number (1) cannot be added"#);
    check("keys", "1", "number (1) has no keys");
    check(&"[".repeat(5_000), "1", "syntax error, the filter nests too deep");
}
