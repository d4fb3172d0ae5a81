-- SPDX-License-Identifier: Apache-2.0
module

public import Lean.Data.Json
public import LeanWorker

/-!
Requests with more in them than `LeanWorker.Request` reads: arrays, truth values, nested objects. A field
that the request should not have is an error, because a misspelt filter would otherwise filter nothing.
-/

public section

namespace LeanWorkerLean

open LeanWorker

/-! ### Lists of texts -/

/-- The texts of all elements. -/
def textsOf {α : Type} (text : α → String) : List α → List String
  | [] => []
  | first :: rest => text first :: textsOf text rest

/-- One list after the other. -/
def joined {α : Type} : List α → List α → List α
  | [], others => others
  | first :: rest, others => first :: joined rest others

/-- Whether there is no element. -/
def isNone {α : Type} : List α → Bool
  | [] => true
  | _ => false

/-- A name as Lean writes it, in quotes where it needs them. -/
def nameOf (name : Lean.Name) : String :=
  toString name

/-! ### Requests -/

/-- A request object whose fields are all known. -/
structure Fields where
  /-- What stands in front of a field's name in messages: empty, or the path to this object. -/
  place : String
  object : Lean.Json

namespace Fields

/-- The names of an object's fields; `none` if it is no object. -/
def names : Lean.Json → Option (List String)
  | .obj fields => some (fields.foldl (init := []) fun names name _ => name :: names)
  | _ => none

/-- The first of `names` that is not `known`. -/
def stranger (known : List String) : List String → Option String
  | [] => none
  | name :: rest => if known.contains name then stranger known rest else some name

/-- Checks that `object` is one, and has only `known` fields. -/
def check (place : String) (known : List String) (object : Lean.Json) : Except String Fields :=
  match names object with
  | none => .error (if place == "" then "a request is a JSON object" else place ++ " is not an object")
  | some found =>
    match stranger known found with
    | none => .ok { place, object }
    | some name => .error ("there is no field " ++ Json.str (place ++ name) ++ "; there are " ++
        ", ".intercalate known)

/-- Reads a request with the fields `known`. -/
def parse (known : List String) (request : String) : Except String Fields :=
  match Lean.Json.parse request with
  | .error e => .error ("malformed JSON: " ++ e)
  | .ok object => check "" known object

/-- Reads a request in `IO`: a wrong one is thrown as a user error. -/
def read (known : List String) (request : String) : IO Fields :=
  match parse known request with
  | .ok fields => pure fields
  | .error e => throw (IO.userError e)

/-- The value of a field; `none` where it is missing or null. -/
def value (fields : Fields) (name : String) : Option Lean.Json :=
  match fields.object.getObjVal? name with
  | .ok .null => none
  | .ok value => some value
  | .error _ => none

/-- The value of a field read by `reader`; `what` says in an error what it should have been. -/
def get? {α : Type} (fields : Fields) (name what : String) (reader : Lean.Json → Option α) : IO (Option α) :=
  match fields.value name with
  | none => pure none
  | some value =>
    match reader value with
    | some result => pure (some result)
    | none => throw (IO.userError ("field " ++ Json.str (fields.place ++ name) ++ " is not " ++ what))

/-- Every element read by `reader`, in order; `none` if it fails for one. -/
def readAll {α : Type} (reader : Lean.Json → Option α) : List Lean.Json → Option (List α)
  | [] => some []
  | value :: rest =>
    match reader value, readAll reader rest with
    | some first, some others => some (first :: others)
    | _, _ => none

def asString : Lean.Json → Option String
  | .str s => some s
  | _ => none

def asBool : Lean.Json → Option Bool
  | .bool b => some b
  | _ => none

def asNat (value : Lean.Json) : Option Nat :=
  match value.getNat? with
  | .ok n => some n
  | .error _ => none

def asStrings : Lean.Json → Option (List String)
  | .arr values => readAll asString values.toList
  | _ => none

def string? (fields : Fields) (name : String) : IO (Option String) :=
  fields.get? name "a string" asString

def bool (fields : Fields) (name : String) : IO Bool :=
  return (← fields.get? name "true or false" asBool).getD false

def nat? (fields : Fields) (name : String) : IO (Option Nat) :=
  fields.get? name "a natural number" asNat

def strings (fields : Fields) (name : String) : IO (List String) :=
  return (← fields.get? name "an array of strings" asStrings).getD []

end Fields

end LeanWorkerLean
