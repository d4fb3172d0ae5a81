-- SPDX-License-Identifier: Apache-2.0
import Lake
open Lake DSL System

package leanworker where
  version := v!"0.1.0"
  description := "Rows, diagnostics and progress from a Lean capability to its leanworker parent"
  license := "Apache-2.0"

-- The one C file. It needs no header of Lean, so any C compiler will do.
target leanworker_shim.o pkg : FilePath := do
  let source ← inputTextFile <| pkg.dir / "c" / "leanworker_shim.c"
  buildO (pkg.buildDir / "c" / "leanworker_shim.o") source #[] #["-std=gnu11", "-O2", "-fPIC"] "cc" getLeanTrace

-- The object goes into the shared library of this library, and into every executable that uses it.
@[default_target]
lean_lib LeanWorker where
  moreLinkObjs := #[leanworker_shim.o]

-- Works on Lean itself. A library of its own, so that a plain capability does not initialise the elaborator.
lean_lib LeanWorkerLean
