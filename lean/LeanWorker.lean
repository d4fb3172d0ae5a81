-- SPDX-License-Identifier: Apache-2.0
module

public import LeanWorker.Json
public import LeanWorker.Emit

/-!
What a capability of leanworker needs: `LeanWorker.Emit` sends rows to the parent, `LeanWorker.Json`
writes their payloads and reads requests. Nothing here imports `Lean`.
-/
