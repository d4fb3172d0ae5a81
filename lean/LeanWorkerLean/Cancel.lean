-- SPDX-License-Identifier: Apache-2.0
module

public import Lean
public import LeanWorker

/-!
Lean's own code is stopped by an `IO.CancelToken`; a request is stopped by a flag that the parent sets.
`withCancelToken` carries the one over to the other.
-/

public section

namespace LeanWorkerLean

open LeanWorker

/-- How often the flag is read, in milliseconds: well below the time that the parent waits before it
kills. -/
def cancelPollMs : UInt32 := 5

/-- Sets `token` once `stopped` says so. Ends with the work that it watches. -/
partial def watchFlag (stopped : BaseIO Bool) (over : IO.Ref Bool) (token : IO.CancelToken) : BaseIO Unit := do
  if ← over.get then return
  if ← stopped then
    token.set
  else
    IO.sleep cancelPollMs
    watchFlag stopped over token

/-- Runs `body` with a token that is set when the parent asks the running request to stop. A thread of
its own reads the flag meanwhile, because `body` is busy; it needs the task manager, which a host has
started. What `body` throws passes through, and the thread ends either way. -/
def withCancelToken {α : Type} (body : IO.CancelToken → IO α) (stopped : BaseIO Bool := cancelled) : IO α := do
  let token ← IO.CancelToken.new
  let over ← IO.mkRef false
  -- Asked before it began: the thread might be late to say so.
  if ← stopped then token.set
  let _watcher ← (BaseIO.asTask (watchFlag stopped over token) .dedicated : BaseIO (Task Unit))
  try body token finally over.set true

end LeanWorkerLean
