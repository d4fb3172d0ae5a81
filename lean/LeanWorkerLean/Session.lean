-- SPDX-License-Identifier: Apache-2.0
module

public import Lean
public import LeanWorker
public import LeanWorkerLean.Fields

/-!
The import session: the modules that a capability works on, imported once in the life of a process. Only
a process's first import is mapped from the files and shared with other processes; a later one is copied
into memory that is never given back. So another set of imports is another process, which is for the
parent to decide; here it is refused.

The host calls `leanworker_session_open` after it has loaded everything, when the parent asks for imports.
Other exports read what was imported with `Session.env`.
-/

public section

namespace LeanWorkerLean

open LeanWorker

/-- Where a running export sends to, and whether it shall stop. Tests make their own. -/
structure Caller where
  out : Sink
  stopped : BaseIO Bool := cancelled

/-- The caller of an export. -/
@[inline] def Caller.host (handle trampoline : USize) : Caller :=
  { out := Sink.host handle trampoline }

/-- Ends the body with `Status.stopped` if the caller asked for it. -/
def Caller.check (caller : Caller) : Streaming Unit :=
  ExceptT.mk do
    if ← (caller.stopped : IO Bool) then pure (.error Status.stopped) else pure (.ok ())

/-! ### Where modules are found -/

namespace Workspace

/-- Where Lake puts the compiled modules of a package. -/
def libOf (package : System.FilePath) : System.FilePath :=
  package / ".lake" / "build" / "lib" / "lean"

/-- The folder that Lake gives to a package of this name: the name without the quotes of Lean, of two
bytes each. -/
def folderOf (name : String) : String :=
  let size := name.utf8ByteSize
  if 4 < size && Json.slice name 0 2 == "«" && Json.slice name (size - 2) size == "»" then
    Json.slice name 2 (size - 2)
  else name

/-- The text of a member that must be one; `default` where it is missing. -/
def textOf (object : Lean.Json) (name : String) (default : Option String := none) : Except String String :=
  match object.getObjVal? name, default with
  | .ok (.str s), _ => .ok s
  | .ok .null, some s => .ok s
  | .error _, some s => .ok s
  | _, _ => .error (Json.str name ++ " is missing, or is not a string")

/-- The folder of one package of a manifest. -/
def packageFolder (root packages : System.FilePath) (entry : Lean.Json) : Except String System.FilePath := do
  let kind ← textOf entry "type"
  if kind == "path" then
    return root / (← textOf entry "dir")
  else if kind == "git" then
    let folder := packages / folderOf (← textOf entry "name")
    let sub ← textOf entry "subDir" (some "")
    return if sub == "" then folder else folder / sub
  else
    throw ("a package of type " ++ Json.str kind ++ " is not known")

/-- The folders of all of them. -/
def packageFolders (root packages : System.FilePath) : List Lean.Json → Except String (List System.FilePath)
  | [] => .ok []
  | entry :: rest => do
    let folder ← packageFolder root packages entry
    return folder :: (← packageFolders root packages rest)

/-- The packages that the text of a `lake-manifest.json` names, which are all that the workspace needs,
directly or not. -/
def ofManifest (root : System.FilePath) (text : String) : Except String (List System.FilePath) := do
  let manifest ← Lean.Json.parse text
  let packages := root / (← textOf manifest "packagesDir" (some ".lake/packages"))
  match manifest.getObjVal? "packages" with
  | .ok (.arr entries) => packageFolders root packages entries.toList
  | _ => throw "\"packages\" is missing, or is not an array"

def libsOf : List System.FilePath → List System.FilePath
  | [] => []
  | package :: rest => libOf package :: libsOf rest

/-- The workspace's own compiled modules, then those of its packages. A workspace without a manifest
needs no package. -/
def libs (root : System.FilePath) : IO (List System.FilePath) := do
  if !(← root.isDir) then
    throw (IO.userError (root.toString ++ " is no folder; \"root\" names the Lake workspace to import from"))
  let manifest := root / "lake-manifest.json"
  if !(← manifest.pathExists) then
    return [libOf root]
  match ofManifest root (← IO.FS.readFile manifest) with
  | .ok folders => return libOf root :: libsOf folders
  | .error e => throw (IO.userError (manifest.toString ++ ": " ++ e))

end Workspace

/-! ### What to import -/

namespace Level

def ofString (level : String) : Option Lean.OLeanLevel :=
  if level == "exported" then some .exported
  else if level == "server" then some .server
  else if level == "private" then some .private
  else none

def toString : Lean.OLeanLevel → String
  | .exported => "exported"
  | .server => "server"
  | .private => "private"

end Level

/-- A request to open a session, read and resolved. -/
structure Recipe where
  imports : List Lean.Import
  level : Lean.OLeanLevel
  searchPath : List System.FilePath

namespace Recipe

/-- A module's name; `none` if the text is none. -/
def moduleOf (text : String) : Option Lean.Name :=
  match text.toName with
  | .anonymous => none
  | name => some name

/-- `"A.B"`, or `{"module":"A.B","all":true}` for what `import all` shows. -/
def importOf (entry : Lean.Json) : Option Lean.Import :=
  match entry with
  | .str text => do
    let name ← moduleOf text
    return { module := name }
  | _ => do
    let fields ← (Fields.check "" ["module", "all"] entry).toOption
    let name ← moduleOf (← Fields.asString (← fields.value "module"))
    let all ← Fields.asBool ((fields.value "all").getD (.bool false))
    return { module := name, importAll := all }

def importsOf : Lean.Json → Option (List Lean.Import)
  | .arr entries => Fields.readAll importOf entries.toList
  | _ => none

/-- What a recipe says of its imports. -/
def importText (i : Lean.Import) : String :=
  let name := Json.str (nameOf i.module)
  if i.importAll then Json.obj [("module", name), ("all", Json.bool true)] else name

def folderText (folder : System.FilePath) : String :=
  Json.str folder.toString

/-- The recipe as JSON; two recipes with one text are the same. -/
def text (recipe : Recipe) : String :=
  Json.obj [
    ("imports", Json.arr (textsOf importText recipe.imports)),
    ("level", Json.str (Level.toString recipe.level)),
    ("search_path", Json.arr (textsOf folderText recipe.searchPath))]

def foldersOf : List String → List System.FilePath
  | [] => []
  | folder :: rest => System.FilePath.mk folder :: foldersOf rest

/-- The compiled modules of the toolchain itself: below `sysroot`, or below what `LEAN_SYSROOT` names. -/
def toolchainLibs (sysroot : Option String) : IO (List System.FilePath) := do
  let environment ← IO.getEnv "LEAN_SYSROOT"
  match sysroot <|> environment with
  | some root => return [System.FilePath.mk root / "lib" / "lean"]
  | none => return []

/-- The search path, first what the request adds. `LEAN_PATH` is neither read nor changed. -/
def readSearchPath (fields : Fields) : IO (List System.FilePath) := do
  let added ← fields.strings "search_path"
  let workspace ← match ← fields.string? "root" with
    | some root => Workspace.libs root
    | none => pure []
  let toolchain ← toolchainLibs (← fields.string? "sysroot")
  if isNone toolchain && isNone added then
    throw (IO.userError ("no toolchain is known: give \"sysroot\", or set LEAN_SYSROOT in the child's " ++
      "environment"))
  return joined (foldersOf added) (joined workspace toolchain)

def read (request : String) : IO Recipe := do
  let fields ← Fields.read ["imports", "level", "root", "search_path", "sysroot"] request
  let imports ← fields.get? "imports" "an array of module names or {\"module\", \"all\"} objects" importsOf
  let level ← fields.get? "level" "\"exported\", \"server\" or \"private\"" fun value => do
    Level.ofString (← Fields.asString value)
  let searchPath ← readSearchPath fields
  match imports with
  | none | some [] => throw (IO.userError "field \"imports\" is missing or empty: name the modules to import")
  | some imports => return { imports, level := level.getD .private, searchPath }

/-- What to do about a module that was not found. -/
def notFound (recipe : Recipe) (name : Lean.Name) (what : String) : IO.Error :=
  let module := nameOf name
  IO.userError ("module " ++ module ++ " cannot be imported: " ++ what ++ ". Build it with `lake build " ++
    module ++ "` in its workspace, and name that as \"root\". Searched: " ++
    ", ".intercalate (textsOf System.FilePath.toString recipe.searchPath))

/-- Checks that each module's file is there, which Lean would say in fewer words, and of the first only. -/
def checkFound (recipe : Recipe) : List Lean.Import → IO Unit
  | [] => pure ()
  | i :: rest => do
    match ← Lean.SearchPath.findWithExt recipe.searchPath "olean" i.module with
    | none => throw (recipe.notFound i.module ("no entry of the search path has " ++ nameOf i.module.getRoot))
    | some file =>
      if !(← file.pathExists) then
        throw (recipe.notFound i.module ("there is no file " ++ file.toString))
    recipe.checkFound rest

unsafe def importUnsafe (recipe : Recipe) : IO Lean.Environment := do
  Lean.searchPathRef.set recipe.searchPath
  -- Each import resets it. The host has loaded all code that it will load, as this requires.
  Lean.enableInitializersExecution
  -- Leaked, because it lives as long as the process; it is then shared between threads for nothing.
  Lean.importModules recipe.imports.toArray {} (leakEnv := true) (loadExts := true) (level := recipe.level)

/-- Imports the modules, with the states of all environment extensions. Sets the process's search path.
To be called once in a process, after everything was loaded, and by one thread. -/
@[implemented_by importUnsafe]
opaque importAll (recipe : Recipe) : IO Lean.Environment

end Recipe

/-! ### Opening -/

/-- What an import came to. -/
structure Statistics where
  modules : Nat
  constants : Nat
  regions : Nat
  /-- Bytes of files that are mapped, and shared with every process that maps them. -/
  bytesMapped : Nat
  /-- Bytes that had to be copied into memory of this process. -/
  bytesCopied : Nat
  elapsedMs : Nat

namespace Statistics

/-- Bytes of regions that are mapped, and of those that are not. -/
def measure : List Lean.CompactedRegion → Nat → Nat → Nat × Nat
  | [], mapped, copied => (mapped, copied)
  | region :: rest, mapped, copied =>
    if region.isMemoryMapped then measure rest (mapped + region.size.toNat) copied
    else measure rest mapped (copied + region.size.toNat)

def countConstants : List Lean.ModuleData → Nat → Nat
  | [], count => count
  | data :: rest, count => countConstants rest (count + data.constNames.size)

def of (env : Lean.Environment) (elapsedMs : Nat) : Statistics :=
  let (bytesMapped, bytesCopied) := measure env.header.regions.toList 0 0
  { modules := env.header.moduleData.size
    constants := countConstants env.header.moduleData.toList 0
    regions := env.header.regions.size
    bytesMapped, bytesCopied, elapsedMs }

end Statistics

/-- An open session. -/
structure Session where
  recipe : Recipe
  environment : Lean.Environment
  statistics : Statistics

namespace Session

/-- How often an opening tells that it goes on, in milliseconds. -/
def tickMs : Nat := 500

/-- How often it looks whether it is done. -/
def pollMs : UInt32 := 5

/-- How often `.olean` ends a line from byte `i` on. -/
partial def countMaps (b : ByteArray) (i count : Nat) : Nat :=
  if i < b.size then
    let isEnd := Json.byteAt b i == 0x0A && 6 ≤ i && Json.hasWord b (i - 6) ".olean".toUTF8 0
    countMaps b (i + 1) (if isEnd then count + 1 else count)
  else count

/-- How many modules this process has mapped by now; 0 where the system does not tell. -/
def mappedModules : BaseIO Nat := do
  match ← (IO.FS.readBinFile "/proc/self/maps").toBaseIO with
  | .ok maps => return countMaps maps 0 0
  | .error _ => return 0

/-- Waits for the task, and tells the caller now and then how far it is. A status other than
`Status.ok` means that nobody waits any more. -/
partial def await {α : Type} (caller : Caller) (task : Task α) (nextMs : Nat) : BaseIO UInt8 := do
  if ← IO.hasFinished task then return Status.ok
  if ← caller.stopped then return Status.stopped
  let now ← IO.monoMsNow
  if now < nextMs then
    IO.sleep pollMs
    await caller task nextMs
  else
    let status ← emitProgress caller.out "import" (← mappedModules)
    if status != Status.ok then return status
    await caller task (now + tickMs)

/-- Imports on a thread of its own, so that this one can send and be stopped meanwhile. -/
def importTold (caller : Caller) (recipe : Recipe) : IO (Except UInt8 Session) := do
  let began ← IO.monoMsNow
  let task ← IO.asTask recipe.importAll .dedicated
  let status ← await caller task (began + tickMs)
  if status != Status.ok then return .error status
  match task.get with
  | .error e => throw e
  | .ok environment =>
    return .ok { recipe, environment, statistics := .of environment ((← IO.monoMsNow) - began) }

/-- Why a second session is refused. -/
def refusal (open_ wanted : Recipe) : IO.Error :=
  IO.userError ("this process has imported " ++ open_.text ++ " and imports only once; " ++ wanted.text ++
    " needs another child")

/-- Opens the session in `slot`. Opening what is open already is nothing; anything else is refused. -/
def openIn (slot : IO.Ref (Option Session)) (caller : Caller) (request : String) : IO UInt8 := do
  let recipe ← Recipe.read request
  match ← slot.get with
  | some session =>
    if session.recipe.text == recipe.text then return Status.ok else throw (refusal session.recipe recipe)
  | none =>
    recipe.checkFound recipe.imports
    let status ← emitProgress caller.out "import" 0
    if status != Status.ok then return status
    match ← importTold caller recipe with
    | .error status => return status
    | .ok session =>
      slot.set (some session)
      let modules := session.statistics.modules
      let status ← emitProgress caller.out "import" modules (some modules)
      return status

/-- What the session is, as JSON. -/
def describe (session : Session) : String :=
  let s := session.statistics
  Json.obj [
    ("imports", Json.arr (textsOf Recipe.importText session.recipe.imports)),
    ("level", Json.str (Level.toString session.recipe.level)),
    ("modules", Json.nat s.modules),
    ("constants", Json.nat s.constants),
    ("regions", Json.nat s.regions),
    ("bytes_mapped", Json.nat s.bytesMapped),
    ("bytes_copied", Json.nat s.bytesCopied),
    ("elapsed_ms", Json.nat s.elapsedMs),
    ("search_path", Json.arr (textsOf Recipe.folderText session.recipe.searchPath))]

/-- The one session of the process. -/
initialize slot : IO.Ref (Option Session) ← IO.mkRef none

/-- The session in `slot`; without one the export was called too early. -/
def ofSlot (slot : IO.Ref (Option Session)) : IO Session := do
  match ← slot.get with
  | some session => return session
  | none => throw (IO.userError "no import session is open: name the modules to import when the session is opened")

/-- The open session. -/
def current : IO Session :=
  ofSlot slot

/-- What was imported. -/
def env : IO Lean.Environment :=
  return (← current).environment

end Session

/-! ### Exports -/

@[export leanworker_session_open]
def exportSessionOpen (request : String) (handle trampoline : USize) : IO UInt8 :=
  Session.openIn Session.slot (Caller.host handle trampoline) request

@[export leanworker_session_statistics]
def exportSessionStatistics (_request : String) : IO String :=
  return (← Session.current).describe

end LeanWorkerLean
