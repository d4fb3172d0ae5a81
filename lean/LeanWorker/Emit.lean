-- SPDX-License-Identifier: Apache-2.0
module

public import LeanWorker.Json

/-!
Sending rows, diagnostics, progress and metadata to the parent while the work is still going on.

A streaming export has the type `String → USize → USize → IO UInt8`: a request, the handle and the
trampoline that the host passes, and a status. Each emission is one call of the trampoline with one
JSON object, and answers a status as well; nonzero means that nobody wants more, and the export
returns that status at once:

```
@[export my_rows]
def myRows (request : String) (handle trampoline : USize) : IO UInt8 :=
  let out := Sink.host handle trampoline
  streaming do
    send (emitRow out "rows" (Json.obj [("request", request)]))
    send (emitProgress out "work" 1 (some 2))
    send (emitMetadata out (Json.obj [("ok", Json.bool true)]))
```
-/

public section

namespace LeanWorker

/-! ### What the shim in `c/leanworker_shim.c` provides -/

/-- Calls the host's trampoline once. A trampoline of 0 answers `Status.staleHandle`. -/
@[extern "leanworker_emit"]
opaque emitRaw (handle trampoline : USize) (payload : @& String) : BaseIO UInt8

/-- Whether the parent has asked this request to stop. Work that emits little asks now and then, and
returns `Status.stopped`. Always `false` where no host is, as in an ordinary executable. -/
@[extern "leanworker_cancelled"]
opaque cancelled : BaseIO Bool

/-! ### Statuses -/

namespace Status

/-- Go on; also the status of a request that succeeded. -/
abbrev ok : UInt8 := 0
/-- The handle is not the one of the running request. -/
abbrev staleHandle : UInt8 := 1
/-- The host failed while it handled the emission. -/
abbrev panic : UInt8 := 2
/-- The host expected another kind of emission. -/
abbrev wrongPayload : UInt8 := 3
/-- The parent wants no more: return this status, the worker stays usable. -/
abbrev stopped : UInt8 := 4

end Status

/-! ### Envelopes: the JSON text of one emission -/

namespace Envelope

/-- A row. `payload` is JSON text and is inserted as it is. -/
def row (stream payload : String) : String :=
  "{\"stream\":" ++ Json.str stream ++ ",\"payload\":" ++ payload ++ "}"

/-- A typed observation. -/
def diagnostic (code message : String) : String :=
  "{\"diagnostic\":{\"code\":" ++ Json.str code ++ ",\"message\":" ++ Json.str message ++ "}}"

/-- A tick: `current` of `total` steps of a phase, where the total is known. -/
def progress (phase : String) (current : Nat) (total : Option Nat) : String :=
  let head := "{\"progress\":{\"phase\":" ++ Json.str phase ++ ",\"current\":" ++ Json.nat current
  match total with
  | some n => head ++ ",\"total\":" ++ Json.nat n ++ "}}"
  | none => head ++ "}}"

/-- What the summary of the request carries. `json` is JSON text and is inserted as it is. -/
def metadata (json : String) : String :=
  "{\"metadata\":" ++ json ++ "}"

end Envelope

/-! ### Emission -/

/-- Where envelopes go. In a capability it is `Sink.host`; a test can collect or print them. -/
abbrev Sink := String → BaseIO UInt8

/-- The sink of a running request. -/
@[inline] def Sink.host (handle trampoline : USize) : Sink :=
  fun envelope => emitRaw handle trampoline envelope

/-- Sends one row, at once. `payload` is JSON text. -/
@[inline] def emitRow (out : Sink) (stream payload : String) : BaseIO UInt8 :=
  out (Envelope.row stream payload)

/-- Sends one diagnostic, at once. -/
@[inline] def emitDiagnostic (out : Sink) (code message : String) : BaseIO UInt8 :=
  out (Envelope.diagnostic code message)

/-- Sends one tick, at once. -/
@[inline] def emitProgress (out : Sink) (phase : String) (current : Nat) (total : Option Nat := none) :
    BaseIO UInt8 :=
  out (Envelope.progress phase current total)

/-- Sends the metadata of the request. `json` is JSON text. Once a request is enough. -/
@[inline] def emitMetadata (out : Sink) (json : String) : BaseIO UInt8 :=
  out (Envelope.metadata json)

/-! ### The status helper -/

/-- The body of a streaming export: `IO` that ends early with a status. -/
abbrev Streaming := ExceptT UInt8 IO

/-- Runs an emission and goes on if it answered `Status.ok`; otherwise ends the body with its status. -/
@[inline] def send (emission : BaseIO UInt8) : Streaming Unit :=
  ExceptT.mk do
    let status ← (emission : IO UInt8)
    if status == Status.ok then pure (.ok ()) else pure (.error status)

/-- Ends the body with `status`. -/
@[inline] def finish {α : Type} (status : UInt8) : Streaming α :=
  ExceptT.mk (pure (.error status))

/-- Ends the body with `Status.stopped` if the parent asked for it. -/
@[inline] def checkCancelled : Streaming Unit :=
  ExceptT.mk do
    if ← (cancelled : IO Bool) then pure (.error Status.stopped) else pure (.ok ())

/-- Runs a body and answers the status that an export returns: `Status.ok`, or the one it ended with.
Errors of `IO` pass through. -/
@[inline] def streaming (body : Streaming Unit) : IO UInt8 := do
  match ← body.run with
  | .ok _ => pure Status.ok
  | .error status => pure status

end LeanWorker
