-- SPDX-License-Identifier: Apache-2.0
module

public import LeanWorkerLean.Cancel
public import LeanWorkerLean.Fields
public import LeanWorkerLean.Session
public import LeanWorkerLean.Inspect

/-!
What a capability of leanworker needs that works on Lean itself: an import session, and a bridge from the
parent's stop flag to Lean's cancel tokens. It imports `Lean`, and so do its users; `LeanWorker` does not.
With `LeanWorkerLean.Inspect` it is also a capability of its own.
-/
