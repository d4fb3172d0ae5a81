-- SPDX-License-Identifier: Apache-2.0
module

/-!
JSON text for capabilities that do not `import Lean`: a writer that makes the text of a value, and a
reader for the one kind of document a capability receives, a request object.

Everything works on byte indices into the UTF-8 text and copies whole runs, so the time is linear in
the text. The loops are `partial`: nothing is proved about them, and the compiler makes plain loops.
-/

public section

namespace LeanWorker

namespace Json

/-- The byte at index `i`, or 0 past the end. Raw control characters are refused in JSON, so a reader
that sees 0 has met an error or the end either way. -/
@[inline] def byteAt (b : ByteArray) (i : Nat) : UInt8 :=
  if h : i < b.size then b[i] else 0

/-- The text between two byte indices. Both must lie on character boundaries. -/
@[inline] def slice (s : String) (start stop : Nat) : String :=
  String.Pos.Raw.extract s ⟨start⟩ ⟨stop⟩

/-- The first index from `i` on whose byte a JSON string cannot hold as it is (a control character, a
quotation mark, a backslash), or the end. -/
partial def plainEnd (b : ByteArray) (i : Nat) : Nat :=
  if h : i < b.size then
    let c := b[i]
    if c < 0x20 || c == 0x22 || c == 0x5C then i else plainEnd b (i + 1)
  else i

/-- What stands in a JSON string for a byte that `plainEnd` stopped at. -/
def escapeOf (c : UInt8) : String :=
  if c == 0x22 then "\\\""
  else if c == 0x5C then "\\\\"
  else if c == 0x0A then "\\n"
  else if c == 0x09 then "\\t"
  else if c == 0x0D then "\\r"
  else if c == 0x08 then "\\b"
  else if c == 0x0C then "\\f"
  else
    let low := c.toNat % 16
    (if c < 0x10 then "\\u000" else "\\u001") ++ slice "0123456789abcdef" low (low + 1)

/-- Appends `s` from byte `i` on, escaped, to `out`. -/
partial def escapeFrom (s : String) (b : ByteArray) (i : Nat) (out : String) : String :=
  let j := plainEnd b i
  let out := out ++ slice s i j
  if j < b.size then escapeFrom s b (j + 1) (out ++ escapeOf (byteAt b j)) else out

/-- The JSON string that denotes `s`. Quotation mark, backslash and U+0000 … U+001F are escaped, with
the short form where JSON has one and `\u00xx` in lower case otherwise; every other character,
U+007F and U+2028 included, is itself. -/
def str (s : String) : String :=
  escapeFrom s s.toUTF8 0 "\"" ++ "\""

/-- The JSON number that denotes `n`. -/
def nat (n : Nat) : String :=
  Nat.repr n

/-- `true` or `false`. -/
def bool (b : Bool) : String :=
  if b then "true" else "false"

/-- Appends `separator"name":value` for each field; the separator is a comma after the first. -/
def objectFields : List (String × String) → String → String → String
  | [], _, out => out ++ "}"
  | (name, value) :: rest, separator, out =>
    objectFields rest "," (out ++ separator ++ str name ++ ":" ++ value)

/-- A JSON object. Names are plain text, values are JSON text: `obj [("i", nat 3), ("s", str "x")]`. -/
def obj (fields : List (String × String)) : String :=
  objectFields fields "" "{"

/-- Appends `separator value` for each item. -/
def arrayItems : List String → String → String → String
  | [], _, out => out ++ "]"
  | item :: rest, separator, out => arrayItems rest "," (out ++ separator ++ item)

/-- A JSON array of JSON texts. -/
def arr (items : List String) : String :=
  arrayItems items "" "["

/-! ### Reading -/

/-- The first index from `i` on that is no JSON white space. -/
partial def skipSpace (b : ByteArray) (i : Nat) : Nat :=
  let c := byteAt b i
  if c == 0x20 || c == 0x0A || c == 0x0D || c == 0x09 then skipSpace b (i + 1) else i

/-- An error that says where. -/
def errorAt {α : Type} (i : Nat) (what : String) : Except String α :=
  .error ("malformed JSON at byte " ++ nat i ++ ": " ++ what)

@[inline] def isDigit (c : UInt8) : Bool := 0x30 ≤ c && c ≤ 0x39

/-- The value of a hexadecimal digit; 16 for any other byte. -/
def hexValue (c : UInt8) : Nat :=
  if isDigit c then (c - 0x30).toNat
  else if 0x61 ≤ c && c ≤ 0x66 then (c - 0x57).toNat
  else if 0x41 ≤ c && c ≤ 0x46 then (c - 0x37).toNat
  else 16

/-- The value of the four hexadecimal digits at `i`; 65536 or more if they are not four digits. -/
def hex4 (b : ByteArray) (i : Nat) : Nat :=
  let p := hexValue (byteAt b i)
  let q := hexValue (byteAt b (i + 1))
  let r := hexValue (byteAt b (i + 2))
  let s := hexValue (byteAt b (i + 3))
  if p < 16 && q < 16 && r < 16 && s < 16 then ((p * 16 + q) * 16 + r) * 16 + s else 65536

/-- What the letter after a backslash stands for; 0 if there is no such escape. -/
def simpleEscape (c : UInt8) : Nat :=
  if c == 0x22 || c == 0x5C || c == 0x2F then c.toNat
  else if c == 0x6E then 0x0A
  else if c == 0x74 then 0x09
  else if c == 0x72 then 0x0D
  else if c == 0x62 then 0x08
  else if c == 0x66 then 0x0C
  else 0

/-- The index after the string whose content begins at `i`. -/
partial def skipString (b : ByteArray) (i : Nat) : Except String Nat :=
  let j := plainEnd b i
  let c := byteAt b j
  if c == 0x22 then .ok (j + 1)
  else if c == 0x5C then
    let e := byteAt b (j + 1)
    if e == 0x75 then
      if hex4 b (j + 2) < 65536 then skipString b (j + 6)
      else errorAt j "four hexadecimal digits are expected after \\u"
    else if simpleEscape e == 0 then errorAt j "unknown escape in a string"
    else skipString b (j + 2)
  else if j < b.size then errorAt j "raw control character in a string"
  else errorAt j "the string has no end"

/-- Appends the characters that the string content at `i` denotes to `out`. The string must have
passed `skipString`; what is still checked here is that surrogates come in pairs. -/
partial def decodeString (s : String) (b : ByteArray) (i : Nat) (out : String) : Except String String :=
  let j := plainEnd b i
  let out := if i < j then out ++ slice s i j else out
  if byteAt b j != 0x5C then .ok out
  else
    let e := byteAt b (j + 1)
    if e != 0x75 then decodeString s b (j + 2) (out.push (Char.ofNat (simpleEscape e)))
    else
      let u := hex4 b (j + 2)
      if u < 0xD800 || 0xE000 ≤ u then decodeString s b (j + 6) (out.push (Char.ofNat u))
      else
        let v := if byteAt b (j + 6) == 0x5C && byteAt b (j + 7) == 0x75 then hex4 b (j + 8) else 0
        if u < 0xDC00 && 0xDC00 ≤ v && v < 0xE000 then
          decodeString s b (j + 12) (out.push (Char.ofNat (0x10000 + (u - 0xD800) * 1024 + (v - 0xDC00))))
        else errorAt j "unpaired surrogate in a string"

/-- The first index from `i` on that is no digit. -/
partial def skipDigits (b : ByteArray) (i : Nat) : Nat :=
  if isDigit (byteAt b i) then skipDigits b (i + 1) else i

/-- The index after the number at `i`. -/
def skipNumber (b : ByteArray) (i : Nat) : Except String Nat :=
  let start := if byteAt b i == 0x2D then i + 1 else i
  let whole := skipDigits b start
  if whole == start then errorAt i "a value is expected"
  else if byteAt b start == 0x30 && start + 1 < whole then errorAt i "a number begins with a needless 0"
  else
    let fraction := if byteAt b whole == 0x2E then skipDigits b (whole + 1) else whole
    if fraction == whole + 1 then errorAt i "a number lacks digits after its point"
    else
      let e := byteAt b fraction
      if e == 0x65 || e == 0x45 then
        let sign := byteAt b (fraction + 1)
        let first := if sign == 0x2B || sign == 0x2D then fraction + 2 else fraction + 1
        let exponent := skipDigits b first
        if exponent == first then errorAt i "a number lacks digits in its exponent" else .ok exponent
      else .ok fraction

/-- Whether the bytes at `i` are those of the ASCII `word`. -/
partial def hasWord (b : ByteArray) (i : Nat) (word : ByteArray) (k : Nat) : Bool :=
  if k < word.size then
    if byteAt b (i + k) == byteAt word k then hasWord b i word (k + 1) else false
  else true

mutual

/-- The index after the value at `i`; `depth` more levels of nesting are allowed. -/
partial def skipValue (b : ByteArray) (depth i : Nat) : Except String Nat :=
  let c := byteAt b i
  if c == 0x22 then skipString b (i + 1)
  else if c == 0x7B || c == 0x5B then
    if depth == 0 then errorAt i "nested too deeply"
    else
      let j := skipSpace b (i + 1)
      if byteAt b j == (if c == 0x7B then 0x7D else 0x5D) then .ok (j + 1)
      else if c == 0x7B then skipFields b (depth - 1) j
      else skipItems b (depth - 1) j
  else if hasWord b i "true".toUTF8 0 then .ok (i + 4)
  else if hasWord b i "false".toUTF8 0 then .ok (i + 5)
  else if hasWord b i "null".toUTF8 0 then .ok (i + 4)
  else skipNumber b i

/-- The index after the array whose next item begins at `i`. -/
partial def skipItems (b : ByteArray) (depth i : Nat) : Except String Nat :=
  match skipValue b depth i with
  | .error e => .error e
  | .ok j =>
    let j := skipSpace b j
    if byteAt b j == 0x2C then skipItems b depth (skipSpace b (j + 1))
    else if byteAt b j == 0x5D then .ok (j + 1)
    else errorAt j "a comma or ] is expected"

/-- The index after the object whose next field begins at `i`. -/
partial def skipFields (b : ByteArray) (depth i : Nat) : Except String Nat :=
  if byteAt b i != 0x22 then errorAt i "a field name is expected"
  else
    match skipString b (i + 1) with
    | .error e => .error e
    | .ok j =>
      let j := skipSpace b j
      if byteAt b j != 0x3A then errorAt j "a colon is expected"
      else
        match skipValue b depth (skipSpace b (j + 1)) with
        | .error e => .error e
        | .ok j =>
          let j := skipSpace b j
          if byteAt b j == 0x2C then skipFields b depth (skipSpace b (j + 1))
          else if byteAt b j == 0x7D then .ok (j + 1)
          else errorAt j "a comma or } is expected"

end

end Json

/-- A request object, read once: where the value of each top-level field begins. -/
structure Request where
  /-- The request as received. -/
  text : String
  /-- Its bytes. -/
  bytes : ByteArray
  /-- Name of each field, and the index of the first byte of its value. -/
  fields : List (String × Nat)

namespace Request

open Json

/-- Where the value of field `name` begins. -/
def find : List (String × Nat) → String → Option Nat
  | [], _ => none
  | (n, i) :: rest, name => if n == name then some i else find rest name

/-- Reads the fields from the one whose name begins at `i` to the end of the text. -/
partial def readFields (s : String) (b : ByteArray) (i : Nat) (seen : List (String × Nat)) :
    Except String (List (String × Nat)) :=
  if byteAt b i != 0x22 then errorAt i "a field name is expected"
  else
    match skipString b (i + 1) with
    | .error e => .error e
    | .ok j =>
      match decodeString s b (i + 1) "" with
      | .error e => .error e
      | .ok name =>
        let j := skipSpace b j
        if byteAt b j != 0x3A then errorAt j "a colon is expected"
        else if (find seen name).isSome then errorAt i ("field " ++ str name ++ " is given twice")
        else
          let value := skipSpace b (j + 1)
          match skipValue b 64 value with
          | .error e => .error e
          | .ok j =>
            let j := skipSpace b j
            let seen := (name, value) :: seen
            if byteAt b j == 0x2C then readFields s b (skipSpace b (j + 1)) seen
            else if byteAt b j == 0x7D then
              let stop := skipSpace b (j + 1)
              if stop < b.size then errorAt stop "text after the request object" else .ok seen
            else errorAt j "a comma or } is expected"

/-- Reads a request. The whole text must be one JSON object, nested at most 65 levels deep, without two
top-level fields of one name. -/
def parse (text : String) : Except String Request :=
  let b := text.toUTF8
  let i := skipSpace b 0
  if byteAt b i != 0x7B then errorAt i "a request is a JSON object"
  else
    let j := skipSpace b (i + 1)
    if byteAt b j == 0x7D then
      let stop := skipSpace b (j + 1)
      if stop < b.size then errorAt stop "text after the request object"
      else .ok { text := text, bytes := b, fields := [] }
    else
      match readFields text b j [] with
      | .error e => .error e
      | .ok fields => .ok { text := text, bytes := b, fields := fields }

/-- The text of the string field `name`. -/
def string (request : Request) (name : String) : Except String String :=
  match find request.fields name with
  | none => .error ("the request has no field " ++ str name)
  | some i =>
    if byteAt request.bytes i != 0x22 then .error ("field " ++ str name ++ " is not a string")
    else decodeString request.text request.bytes (i + 1) ""

/-- The number that the digits from `i` to `stop` denote, added to `value` shifted. -/
partial def digits (b : ByteArray) (i stop value : Nat) : Nat :=
  if i < stop then digits b (i + 1) stop (value * 10 + (byteAt b i - 0x30).toNat) else value

/-- The value of the field `name`, which must be a natural number below 10^18: no sign, fraction or
exponent, so that it is exact. -/
def nat (request : Request) (name : String) : Except String Nat :=
  match find request.fields name with
  | none => .error ("the request has no field " ++ str name)
  | some i =>
    let stop := skipDigits request.bytes i
    let after := byteAt request.bytes stop
    if stop == i || after == 0x2E || after == 0x65 || after == 0x45 then
      .error ("field " ++ str name ++ " is not a natural number")
    else if i + 18 < stop then .error ("field " ++ str name ++ " is too large")
    else .ok (digits request.bytes i stop 0)

/-- Reads a request in `IO`: a malformed one is thrown as a user error, which the parent receives as
the error of the call. -/
def read (text : String) : IO Request :=
  match parse text with
  | .ok request => pure request
  | .error e => throw (IO.userError e)

/-- `Request.string` in `IO`. -/
def getString (request : Request) (name : String) : IO String :=
  match request.string name with
  | .ok value => pure value
  | .error e => throw (IO.userError e)

/-- `Request.nat` in `IO`. -/
def getNat (request : Request) (name : String) : IO Nat :=
  match request.nat name with
  | .ok value => pure value
  | .error e => throw (IO.userError e)

end Request

end LeanWorker
