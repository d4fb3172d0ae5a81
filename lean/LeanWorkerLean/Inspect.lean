-- SPDX-License-Identifier: Apache-2.0
module

public import Lean
public import LeanWorker
public import LeanWorkerLean.Cancel
public import LeanWorkerLean.Fields
public import LeanWorkerLean.Session

/-!
A capability that is useful for any project: what is in the imported modules, the type of a term, and what
Lean says of a piece of source. Each export has a body that takes session and caller as arguments, so that
the same code also runs without a host.
-/

public section

namespace LeanWorkerLean

namespace Inspect

open LeanWorker

/-- The version of these exports, and of the package. -/
def version : String := "0.1.0"

/-- A JSON text, or `null`. -/
def orNull : Option String → String
  | some text => text
  | none => "null"

/-- A name as a JSON string. -/
def nameText (name : Lean.Name) : String :=
  Json.str (nameOf name)

/-! ### Counting and filtering -/

/-- How many rows were sent, and how many may be. -/
structure Quota where
  sent : IO.Ref Nat
  limit : Option Nat

/-- Sends a row unless the limit is reached; answers whether it was sent. -/
def Quota.send (quota : Quota) (caller : Caller) (stream : String) (payload : IO String) : Streaming Bool := do
  let sent ← (quota.sent.get : IO Nat)
  if quota.limit == some sent then
    return false
  else
    LeanWorker.send (emitRow caller.out stream (← (payload : IO String)))
    (quota.sent.set (sent + 1) : IO Unit)
    return true

/-- Sends what a stream ends with: how many rows there were, and whether they are all. -/
def Quota.finish (quota : Quota) (caller : Caller) (complete : Bool) : Streaming Unit := do
  let sent ← (quota.sent.get : IO Nat)
  LeanWorker.send (emitMetadata caller.out (Json.obj [("rows", Json.nat sent), ("complete", Json.bool complete)]))

/-- Visits elements `i` and on until a visit answers `false`; answers whether none did. -/
partial def visitFrom {α : Type} (elements : Array α) (visit : Nat → α → Streaming Bool) (i : Nat) :
    Streaming Bool :=
  match elements[i]? with
  | none => pure true
  | some element => do
    if ← visit i element then visitFrom elements visit (i + 1) else return false

/-- Modules between two ticks of progress. -/
def tickModules : Nat := 64

/-- Visits the imported modules that `wanted` accepts, in the order of their import. -/
def visitModules (caller : Caller) (session : Session) (wanted : Lean.Name → Bool)
    (visit : Lean.Name → Lean.ModuleData → Streaming Bool) : Streaming Bool := do
  let names := session.environment.allImportedModuleNames
  visitFrom session.environment.header.moduleData (i := 0) fun i data => do
    if i % tickModules == 0 then
      LeanWorker.send (emitProgress caller.out "modules" i (some names.size))
    caller.check
    let name := (names[i]?).getD .anonymous
    if wanted name then visit name data else return true

/-- The name in a field; `none` where there is no such field. -/
def nameField (fields : Fields) (name : String) : IO (Option Lean.Name) :=
  fields.get? name "a name" fun value => do Recipe.moduleOf (← Fields.asString value)

/-- Whether `name` is `wanted`, where anything is wanted. -/
def isWanted (wanted : Option Lean.Name) (name : Lean.Name) : Bool :=
  match wanted with
  | some wanted => wanted == name
  | none => true

/-- Whether `name` is `start`, or below it: `Nat.add` is below `Nat`, and `Nature` is not. -/
def isBelow (start : Option Lean.Name) (name : Lean.Name) : Bool :=
  match start with
  | some start => start.isPrefixOf name
  | none => true

/-! ### Running Lean's own monads -/

/-- Heartbeats that a command or a term may take, in thousands, where the request names no other number:
what Lean itself allows. -/
def defaultHeartbeats : Nat := 200000

/-- The bound that a request sets. It cannot be taken away: a request without an end is what a deadline
of the parent is for. -/
def readHeartbeats (fields : Fields) : IO Lean.Options := do
  let heartbeats := (← fields.nat? "heartbeats").getD defaultHeartbeats
  if heartbeats == 0 then
    throw (IO.userError "field \"heartbeats\" is 0, which would mean no bound")
  return Lean.maxHeartbeats.set {} heartbeats

/-- Runs `action` in the session's environment. What it does to that is forgotten. -/
def runCore {α : Type} (session : Session) (action : Lean.CoreM α) (options : Lean.Options := {})
    (token : Option IO.CancelToken := none) : IO α := do
  let context : Lean.Core.Context :=
    { fileName := "<request>", fileMap := default, options, cancelTk? := token }
  let (result, _) ← action.toIO context { env := session.environment }
  return result

/-- What a call throws that ended because it was asked to. -/
def stoppedError : IO.Error :=
  IO.userError "stopped when asked"

/-! ### Declarations -/

/-- What kind of declaration Lean was given. Modules that are not loaded at level `private` show the
statement of a theorem as an axiom; it is a theorem here. -/
def kindOf (env : Lean.Environment) (name : Lean.Name) (info : Lean.ConstantInfo) : String :=
  let original := (Lean.getOriginalConstKind? env name).getD (.ofConstantInfo info)
  match original with
  | .induct =>
    if Lean.isClass env name then "class" else if Lean.isStructure env name then "structure" else "inductive"
  | .ctor => "constructor"
  | .recursor => "recursor"
  | .quot => "quotient"
  | .axiom => "axiom"
  | .defn => if Lean.Meta.isInstanceCore env name then "instance" else "definition"
  | .thm => if Lean.Meta.isInstanceCore env name then "instance" else "theorem"
  | .opaque => if Lean.Meta.isInstanceCore env name then "instance" else "opaque"

/-- Every kind that there is. -/
def kinds : List String :=
  ["axiom", "class", "constructor", "definition", "inductive", "instance", "opaque", "quotient", "recursor",
    "structure", "theorem"]

/-- A place in a source: lines from 1, columns in characters from 0. -/
def rangeText (range : Lean.DeclarationRange) : String :=
  Json.obj [("line", Json.nat range.pos.line), ("column", Json.nat range.pos.column),
    ("end_line", Json.nat range.endPos.line), ("end_column", Json.nat range.endPos.column)]

/-- What a request for declarations asks for. -/
structure Query where
  module : Option Lean.Name
  start : Option Lean.Name
  kinds : List String
  isInternal : Bool
  hasAxioms : Bool

namespace Query

/-- The first of `wanted` that is no kind. -/
def strangeKind (wanted : List String) : Option String :=
  Fields.stranger Inspect.kinds wanted

def read (session : Session) (fields : Fields) : IO Query := do
  let kinds ← fields.strings "kinds"
  let hasAxioms ← fields.bool "axioms"
  if let some strange := strangeKind kinds then
    throw (IO.userError ("there is no kind " ++ Json.str strange ++ "; there are " ++ ", ".intercalate Inspect.kinds))
  if hasAxioms && session.recipe.level != .private then
    throw (IO.userError ("axioms are known where proofs are loaded: open the session at level \"private\", not \"" ++
      Level.toString session.recipe.level ++ "\""))
  return {
    module := ← nameField fields "module"
    start := ← nameField fields "prefix"
    isInternal := ← fields.bool "internal"
    kinds, hasAxioms }

/-- Whether a declaration is asked for, by what its name and its kind say. -/
def accepts (query : Query) (name : Lean.Name) : Bool :=
  isBelow query.start name && (query.isInternal || !name.isInternalDetail)

def acceptsKind (query : Query) (kind : String) : Bool :=
  isNone query.kinds || query.kinds.contains kind

end Query

/-- The axioms that a declaration rests on, in the order in which they are met. -/
def axiomsText (session : Session) (name : Lean.Name) : IO String := do
  let axioms ← runCore session (Lean.collectAxioms name)
  return Json.arr (textsOf nameText axioms.toList)

/-- The row of a declaration. -/
def declarationRow (session : Session) (query : Query) (module name : Lean.Name) (kind : String) : IO String := do
  let ranges ← runCore session (Lean.findDeclarationRanges? name)
  let doc ← Lean.findDocString? session.environment name
  let axioms ← if query.hasAxioms then axiomsText session name else pure ""
  return Json.obj (("name", nameText name) :: ("kind", Json.str kind) :: ("module", nameText module) ::
    ("range", orNull (ranges.map fun r => rangeText r.range)) :: ("doc", Json.bool doc.isSome) ::
    if query.hasAxioms then [("axioms", axioms)] else [])

/-- Sends the declarations of one module, until the limit is reached. -/
def sendModule (caller : Caller) (session : Session) (query : Query) (quota : Quota) (module : Lean.Name)
    (data : Lean.ModuleData) : Streaming Bool :=
  visitFrom data.constants (i := 0) fun _ info => do
    if !query.accepts info.name then
      return true
    else
      let kind := kindOf session.environment info.name info
      if query.acceptsKind kind then
        caller.check
        quota.send caller "declarations" (declarationRow session query module info.name kind)
      else
        return true

/-- Streams the declarations of the imported modules, in the order of their import; within a module in the
order that Lean keeps, which is not that of the file. -/
def declarations (session : Session) (caller : Caller) (request : String) : IO UInt8 := do
  let fields ← Fields.read ["module", "prefix", "kinds", "limit", "internal", "axioms"] request
  let query ← Query.read session fields
  let quota : Quota := { sent := ← IO.mkRef 0, limit := ← fields.nat? "limit" }
  streaming do
    let complete ← visitModules caller session (isWanted query.module) (sendModule caller session query quota)
    quota.finish caller complete

/-! ### Modules and imports -/

def moduleRow (name : Lean.Name) (data : Lean.ModuleData) : String :=
  Json.obj [("module", nameText name), ("imports", Json.nat data.imports.size),
    ("constants", Json.nat data.constNames.size), ("is_module", Json.bool data.isModule)]

/-- Streams the imported modules, in the order of their import. -/
def modules (session : Session) (caller : Caller) (request : String) : IO UInt8 := do
  let fields ← Fields.read ["prefix", "limit"] request
  let start ← nameField fields "prefix"
  let quota : Quota := { sent := ← IO.mkRef 0, limit := ← fields.nat? "limit" }
  streaming do
    let complete ← visitModules caller session (isBelow start) fun name data =>
      quota.send caller "modules" (pure (moduleRow name data))
    quota.finish caller complete

def importRow (module : Lean.Name) (i : Lean.Import) : String :=
  Json.obj [("module", nameText module), ("import", nameText i.module), ("all", Json.bool i.importAll),
    ("exported", Json.bool i.isExported), ("meta", Json.bool i.isMeta)]

/-- Streams what each imported module imports itself, in the order of its header. -/
def imports (session : Session) (caller : Caller) (request : String) : IO UInt8 := do
  let fields ← Fields.read ["module", "prefix", "limit"] request
  let module ← nameField fields "module"
  let start ← nameField fields "prefix"
  let quota : Quota := { sent := ← IO.mkRef 0, limit := ← fields.nat? "limit" }
  let wanted (name : Lean.Name) : Bool := isWanted module name && isBelow start name
  streaming do
    let complete ← visitModules caller session wanted fun name data =>
      visitFrom data.imports (i := 0) fun _ i => quota.send caller "imports" (pure (importRow name i))
    quota.finish caller complete

/-! ### The type of a term -/

/-- Elaborates a term and prints it and its type. What nothing determines is printed as `?m.1` or `?u.1`. -/
def typeOf (term : String) : Lean.CoreM (String × String) := do
  match Lean.Parser.runParserCategory (← Lean.getEnv) `term term "<term>" with
  | .error e => refuse e
  | .ok syntaxTree =>
    let elaborated : Lean.MetaM (String × String) := Lean.Elab.Term.TermElabM.run' (ctx := { errToSorry := false }) do
      let e ← Lean.Elab.Term.elabTerm syntaxTree none
      Lean.Elab.Term.synthesizeSyntheticMVarsNoPostponing
      let e ← Lean.instantiateMVars e
      let type ← Lean.instantiateMVars (← Lean.Meta.inferType e)
      return ((← Lean.Meta.ppExpr e).pretty, (← Lean.Meta.ppExpr type).pretty)
    elaborated.run'
where
  refuse (e : String) : Lean.CoreM (String × String) :=
    throw (.error .missing e)

/-- The command `type`: a term, elaborated in the session's environment. A term that Lean does not accept
is an answer, not a failure. -/
def type (session : Session) (stopped : BaseIO Bool) (request : String) : IO String := do
  let fields ← Fields.read ["term", "heartbeats"] request
  let options ← readHeartbeats fields
  match ← fields.string? "term" with
  | none => throw (IO.userError "the request has no field \"term\"")
  | some term =>
    withCancelToken (stopped := stopped) fun token => do
      let answer ← (runCore session (typeOf term) options (some token)).toBaseIO
      if ← token.isSet then throw stoppedError
      match answer with
      | .ok (term, type) =>
        return Json.obj [("ok", Json.bool true), ("term", Json.str term), ("type", Json.str type)]
      | .error e => return Json.obj [("ok", Json.bool false), ("error", Json.str (toString e))]

/-! ### Checking a piece of source -/

def severityText : Lean.MessageSeverity → String
  | .information => "information"
  | .warning => "warning"
  | .error => "error"

/-- One message: where, how grave, and its text. Lines from 1, columns in characters from 0. -/
def messageText (message : Lean.Message) : BaseIO String := do
  let text ← message.data.toString
  let stop := message.endPos.getD message.pos
  return Json.obj [("severity", Json.str (severityText message.severity)),
    ("line", Json.nat message.pos.line), ("column", Json.nat message.pos.column),
    ("end_line", Json.nat stop.line), ("end_column", Json.nat stop.column), ("text", Json.str text)]

/-- The messages in the order in which Lean made them. -/
def messageTexts : List Lean.Message → BaseIO (List String)
  | [] => pure []
  | message :: rest => do
    let first ← messageText message
    return first :: (← messageTexts rest)

/-- A piece of source that is being elaborated, command by command. -/
structure Snippet where
  input : Lean.Parser.InputContext
  token : IO.CancelToken

/-- Elaborates one command. Errors in it are messages; what is thrown is a fault of Lean's own. -/
def Snippet.elaborate (snippet : Snippet) (state : Lean.Elab.Command.State) (command : Lean.Syntax) :
    IO Lean.Elab.Command.State := do
  let context : Lean.Elab.Command.Context :=
    { fileName := snippet.input.fileName, fileMap := snippet.input.fileMap, snap? := none
      cancelTk? := some snippet.token }
  match ← ((Lean.Elab.Command.elabCommandTopLevel command context).run state).toBaseIO with
  | .ok (_, state) => return state
  | .error e => throw (IO.userError ("Lean failed in a command: " ++ (← e.toMessageData.toString)))

def pushAll : List Lean.Message → Array Lean.Message → Array Lean.Message
  | [], messages => messages
  | message :: rest, messages => pushAll rest (messages.push message)

/-- Parses and elaborates commands from `parser` on to the end. Answers how many there were, and what was said.
Each command begins with no messages, because newer versions of Lean take away those of the command before. -/
partial def Snippet.run (snippet : Snippet) (parser : Lean.Parser.ModuleParserState)
    (state : Lean.Elab.Command.State) (commands : Nat) (said : Array Lean.Message) :
    IO (Nat × Array Lean.Message) := do
  if ← snippet.token.isSet then throw stoppedError
  let scope := state.scopes.headD { header := "" }
  let context : Lean.Parser.ParserModuleContext :=
    { env := state.env, options := scope.opts, currNamespace := scope.currNamespace, openDecls := scope.openDecls }
  let (command, parser, messages) := Lean.Parser.parseCommand snippet.input context parser {}
  let state ← snippet.elaborate { state with messages := {} } command
  let said := pushAll state.messages.toList (pushAll messages.toList said)
  if Lean.Parser.isTerminalCommand command then
    return (commands, said)
  else
    snippet.run parser state (commands + 1) said

/-- Whether there is an error among the messages. -/
def hasError : List Lean.Message → Bool
  | [] => false
  | message :: rest =>
    match message.severity with
    | .error => true
    | _ => hasError rest

/-- The command `check`: commands of Lean, elaborated one after the other as in a file that imports what
the session does. What they declare is forgotten. `#eval` runs. -/
def check (session : Session) (stopped : BaseIO Bool) (request : String) : IO String := do
  let fields ← Fields.read ["source", "heartbeats"] request
  let options ← readHeartbeats fields
  match ← fields.string? "source" with
  | none => throw (IO.userError "the request has no field \"source\"")
  | some source =>
    withCancelToken (stopped := stopped) fun token => do
      let snippet : Snippet := { input := Lean.Parser.mkInputContext source "<source>", token }
      let (commands, said) ← snippet.run {} (Lean.Elab.Command.mkState session.environment {} options) 0 #[]
      if ← token.isSet then throw stoppedError
      let messages := said.toList
      return Json.obj [("ok", Json.bool (!hasError messages)), ("commands", Json.nat commands),
        ("messages", Json.arr (← messageTexts messages))]

/-! ### What this capability says of itself -/

/-- A command or a capability of the metadata. -/
def entry (name : String) : String :=
  Json.obj [("name", Json.str name), ("version", Json.str version)]

def commandNames : List String :=
  ["leanworker_inspect_declarations", "leanworker_inspect_modules", "leanworker_inspect_imports",
    "leanworker_inspect_type", "leanworker_inspect_check", "leanworker_inspect_metadata",
    "leanworker_inspect_doctor", "leanworker_session_open", "leanworker_session_statistics"]

/-- The answer of the metadata export. -/
def metadata : String :=
  Json.obj [
    ("commands", Json.arr (textsOf entry commandNames)),
    ("capabilities", Json.arr [entry "import_session", entry "inspect"]),
    ("lean_version", Json.str Lean.versionString),
    ("extra", Json.obj [("githash", Json.str Lean.githash)])]

/-- One finding of the doctor: `pass`, `warning` or `error`. -/
def finding (severity code message : String) : String :=
  Json.obj [("severity", Json.str severity), ("code", Json.str code), ("message", Json.str message)]

/-- Whether this is a version that the package is written for. -/
def versionFinding (major minor : Nat) (text : String) : String :=
  if major == 4 && 26 ≤ minor && minor ≤ 34 then
    finding "pass" "lean_version" ("Lean " ++ text ++ " is one of 4.26 to 4.34")
  else
    finding "warning" "lean_version" ("Lean " ++ text ++ " is not one of 4.26 to 4.34, for which this is written")

/-- The entries of a search path that are no folders. -/
def missingFolders : List System.FilePath → IO (List String)
  | [] => pure []
  | folder :: rest => do
    let others ← missingFolders rest
    return if ← folder.isDir then others else folder.toString :: others

def searchPathFinding (missing : List String) : String :=
  if isNone missing then
    finding "pass" "search_path" "every entry of the search path is a folder"
  else
    finding "warning" "search_path" ("not built, or not there: " ++ ", ".intercalate missing)

def mappingFinding (s : Statistics) : String :=
  if s.bytesCopied == 0 then
    finding "pass" "mapping" "all modules are mapped from their files"
  else
    finding "warning" "mapping" (Json.nat s.bytesCopied ++ " bytes of modules were copied into memory instead of " ++
      "being mapped")

/-- What is known of the session, if one is open. -/
def sessionFindings : Option Session → IO (List String)
  | none => return [finding "warning" "session" "no import session is open"]
  | some session => do
    let s := session.statistics
    let missing ← missingFolders session.recipe.searchPath
    return [finding "pass" "session" (Json.nat s.modules ++ " modules are imported"), searchPathFinding missing,
      mappingFinding s]

/-- The answer of the doctor export. -/
def doctor (session : Option Session) : IO String := do
  let findings ← sessionFindings session
  let statistics := match session with
    | some session => session.describe
    | none => "null"
  return Json.obj [
    ("diagnostics",
      Json.arr (versionFinding Lean.version.major Lean.version.minor Lean.versionString :: findings)),
    ("metadata", Json.obj [("session", statistics)])]

/-! ### Exports -/

@[export leanworker_inspect_declarations]
def exportDeclarations (request : String) (handle trampoline : USize) : IO UInt8 := do
  declarations (← Session.current) (Caller.host handle trampoline) request

@[export leanworker_inspect_modules]
def exportModules (request : String) (handle trampoline : USize) : IO UInt8 := do
  modules (← Session.current) (Caller.host handle trampoline) request

@[export leanworker_inspect_imports]
def exportImports (request : String) (handle trampoline : USize) : IO UInt8 := do
  imports (← Session.current) (Caller.host handle trampoline) request

@[export leanworker_inspect_type]
def exportType (request : String) : IO String := do
  type (← Session.current) cancelled request

@[export leanworker_inspect_check]
def exportCheck (request : String) : IO String := do
  check (← Session.current) cancelled request

@[export leanworker_inspect_metadata]
def exportMetadata (_request : String) : IO String :=
  return metadata

@[export leanworker_inspect_doctor]
def exportDoctor (_request : String) : IO String := do
  doctor (← Session.slot.get)

end Inspect

end LeanWorkerLean
