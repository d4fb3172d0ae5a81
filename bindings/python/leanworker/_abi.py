# SPDX-License-Identifier: Apache-2.0
# Written by bindings/python/generate out of the public headers: change those, and run it again.
import dataclasses
import enum

LOG_TAIL_SIZE = 4096
NO_LIMIT = 4294967295
LONG_RUNNING_MS = 600000
HISTOGRAM_BUCKETS = 40
VERSION_MAJOR = 0
VERSION_MINOR = 1
VERSION_PATCH = 0
VERSION = "0.1.0"
ABI_VERSION = 0
PROTOCOL_VERSION = 1
STRUCTS = (
    "lw_budgets",
    "lw_build",
    "lw_build_options",
    "lw_call_options",
    "lw_capability_options",
    "lw_check_finding",
    "lw_check_report",
    "lw_diagnostic",
    "lw_doctor_report",
    "lw_error",
    "lw_exit",
    "lw_expectation",
    "lw_export",
    "lw_exports",
    "lw_finding",
    "lw_histogram",
    "lw_input",
    "lw_json",
    "lw_metadata",
    "lw_named_version",
    "lw_open_options",
    "lw_opened",
    "lw_output",
    "lw_progress",
    "lw_reply",
    "lw_restart_policy",
    "lw_row",
    "lw_session_facts",
    "lw_shutdown_report",
    "lw_sinks",
    "lw_stream_count",
    "lw_summary",
    "lw_toolchain",
    "lw_toolchain_options",
    "lw_version_range",
    "lw_worker_facts",
    "lw_worker_options",
    "lw_worker_statistics",
)


class Code(enum.IntEnum):
    """enum lw_code"""

    OK = 0
    MISUSE = 1
    SYSTEM = 2
    UNSUPPORTED = 3
    SPAWN = 4
    HANDSHAKE = 5
    CAPABILITY = 6
    EXPORT = 7
    STATUS = 8
    EXCEPTION = 9
    ROW = 10
    DECODE = 11
    METADATA = 12
    SINK = 13
    CANCELLED = 14
    TIMEOUT = 15
    DIED = 16
    PROTOCOL = 17
    SESSION = 18
    GAVE_UP = 19
    TOOLCHAIN = 20
    BUILD = 21
    BUG = 22


class Verdict(enum.IntEnum):
    """enum lw_verdict"""

    OK = 0
    MISUSE = 1
    ENCODE = 2
    NO_MEMORY = 3
    SYSTEM_CALL = 4
    UNSUPPORTED = 5
    MANIFEST = 6
    CHILD_NOT_FOUND = 7
    CHILD_NOT_STARTED = 8
    CHILD_NOT_CONTAINED = 9
    WRONG_PROGRAM = 10
    WRONG_VERSION = 11
    EXITED = 12
    SIGNALLED = 13
    KILLED_FROM_OUTSIDE = 14
    OUT_OF_MEMORY = 15
    MEMORY_LIMIT = 16
    RESOURCE_LIMIT = 17
    PANIC = 18
    LEAN_NO_MEMORY = 19
    LEAN_NO_THREAD = 20
    STACK_OVERFLOW = 21
    END_UNKNOWN = 22
    START_TIMEOUT = 23
    OPEN_TIMEOUT = 24
    REQUEST_TIMEOUT = 25
    FIRST_ROW_TIMEOUT = 26
    IDLE_TIMEOUT = 27
    PROTOCOL = 28
    RUNTIME = 29
    RUNTIME_TOO_OLD = 30
    INSPECTION = 31
    CAPABILITY_LOAD = 32
    INITIALIZER = 33
    IMPORT = 34
    EXPORT_UNKNOWN = 35
    EXPORT_DATA = 36
    EXPORT_KIND = 37
    EXPORT_STATUS = 38
    EXCEPTION = 39
    ROW_MALFORMED = 40
    ROW_TOO_LARGE = 41
    REPLY_MALFORMED = 42
    HOLD_LIMIT = 43
    ROW_DECODE = 44
    SUMMARY_DECODE = 45
    REPLY_DECODE = 46
    CHILD_NO_MEMORY = 47
    CANCELLED = 48
    SINK = 49
    METADATA = 50
    SESSION_LOST = 51
    REPLACED = 52
    OTHER_OPEN = 53
    GAVE_UP = 54
    TOOLCHAIN_NOT_FOUND = 55
    LAKE_NOT_FOUND = 56
    PROJECT_NOT_FOUND = 57
    PACKAGE_NOT_FOUND = 58
    BUILD_TARGET = 59
    BUILD_PACKAGES = 60
    BUILD_FAILED = 61
    BUILD_OUTPUT = 62
    BUILD_TIMEOUT = 63
    INSPECT_TIMEOUT = 64
    BUG = 65


class Restart(enum.IntEnum):
    """enum lw_restart"""

    NONE = 0
    EXPLICIT = 1
    CAPABILITY = 2
    MAX_REQUESTS = 3
    MEMORY_CEILING = 4
    IDLE_AGE = 5
    MEMORY_LIMIT = 6
    START_FAILED = 7
    OPEN_FAILED = 8
    OPEN_TIMEOUT = 9
    REQUEST_TIMEOUT = 10
    CANCELLED = 11
    SINK = 12
    CRASH = 13
    PROTOCOL = 14
    SYSTEM = 15


class Containment(enum.IntEnum):
    """enum lw_containment"""

    BEST = 0
    PID_NAMESPACE = 1
    USER_PID_NAMESPACE = 2
    SUBREAPER = 3


class Replacement(enum.IntEnum):
    """enum lw_replacement"""

    LAZY = 0
    EAGER = 1
    MANUAL = 2


class ShutdownOutcome(enum.IntEnum):
    """enum lw_shutdown_outcome"""

    ORDERLY = 0
    ALREADY_DEAD = 1
    DIED = 2
    KILLED = 3
    PROTOCOL = 4


class Severity(enum.IntEnum):
    """enum lw_severity"""

    PASS = 0
    WARNING = 1
    ERROR = 2


class ToolchainSource(enum.IntEnum):
    """enum lw_toolchain_source"""

    EXPLICIT = 0
    ENVIRONMENT = 1
    PROJECT = 2
    PATH = 3
    DEFAULT = 4


class SymbolKind(enum.IntEnum):
    """enum lw_symbol_kind"""

    OTHER = 0
    FUNCTION = 1
    DATA = 2


class Step(enum.IntEnum):
    """enum lw_step"""

    CHECK = 0
    BUILD = 1
    LOAD = 2
    START = 3
    HEALTH = 4
    OPEN = 5
    METADATA = 6


@dataclasses.dataclass(frozen=True, kw_only=True)
class Budgets:
    """struct lw_budgets"""

    start_ms: int = 0
    open_ms: int = 0
    request_ms: int = 0
    first_row_ms: int = 0
    idle_ms: int = 0
    shutdown_ms: int = 0
    ask_ms: int = 0
    grace_ms: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class RestartPolicy:
    """struct lw_restart_policy"""

    replacement: Replacement = Replacement(0)
    max_requests: int = 0
    max_idle_ms: int = 0
    memory_ceiling_kib: int = 0
    memory_limit_kib: int = 0
    memory_sample_ms: int = 0
    max_deaths: int = 0
    window_ms: int = 0
    backoff_ms: int = 0
    backoff_max_ms: int = 0
    spare: int = 0
    refuse_other: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Exit:
    """struct lw_exit"""

    known: bool
    ordered: bool
    code: int
    signal: int
    survivors: int
    containment: Containment
    user_us: int
    system_us: int
    peak_kib: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkerFacts:
    """struct lw_worker_facts"""

    generation: int
    pid: int
    warden_pid: int
    containment: Containment
    protocol: int
    build: str
    child_path: str
    spare_generation: int
    spare_pid: int
    spare_ready: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Histogram:
    """struct lw_histogram"""

    count: int
    sum_ns: int
    max_ns: int
    bucket: tuple[int, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkerStatistics:
    """struct lw_worker_statistics"""

    generations: int
    unburied: int
    requests: int
    successes: int
    repeated: int
    failures: dict[Verdict, int]
    deaths: int
    restarts: dict[Restart, int]
    handovers: int
    spare_failures: int
    opens: int
    rows: int
    row_bytes: int
    log_bytes: int
    memory_samples: int
    memory_misses: int
    memory_kib: int
    memory_peak_kib: int
    spare_kib: int
    spawn: Histogram
    open: Histogram
    request: Histogram
    first_row: Histogram
    recovery: Histogram
    handover: Histogram
    lane_waits: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShutdownReport:
    """struct lw_shutdown_report"""

    outcome: ShutdownOutcome
    exit: Exit
    elapsed_ns: int
    asked_ns: int
    generations: int
    unreaped: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SessionFacts:
    """struct lw_session_facts"""

    generation: int
    host: str
    runtime: str
    lean_version: str
    warning: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Toolchain:
    """struct lw_toolchain"""

    source: ToolchainSource
    sysroot: str
    runtime: str
    version: str
    warning: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Build:
    """struct lw_build"""

    manifest: str
    library: str
    dependencies: int
    toolchain: Toolchain
    up_to_date: bool
    reason: str
    elapsed_ns: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Export:
    """struct lw_export"""

    name: str
    kind: SymbolKind
    generated: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckFinding:
    """struct lw_check_finding"""

    severity: Severity
    code: str
    verdict: Verdict
    subject: str
    message: str
    advice: str


class ErrorFields:
    """struct lw_error"""

    code: Code
    verdict: Verdict
    generation: int
    status: int
    has_row: int
    work_started: bool
    killed: bool
    restart: Restart
    retry_ms: int
    message: str
    command: str
    stream: str
    sequence: int | None
    offset: int
    path: str
    rows: int
    elapsed_ns: int
    asked_ns: int
    quiet_ns: int
    exit: Exit
    log_bytes: int
    log_tail: str


CDEF = """
typedef int pid_t;
struct lw_row;
struct lw_str {
    const char *at;
    size_t size;
};
struct lw_json {
    const char *at;
    size_t size;
};
struct lw_name {
    const char *name;
    int value;
};
typedef const struct lw_record *lw_record_fn(void);
typedef void lw_any_fn(void);
struct lw_input {
    lw_record_fn *record;
    const void *value;
    const char *text;
    size_t size;
};
struct lw_output {
    lw_record_fn *record;
    void *value;
};
struct lw_rows {
    const char *stream;
    lw_record_fn *record;
    lw_any_fn *on_row;
};
struct lw_record {
    uint32_t struct_size, field_size;
    uint32_t size;
    uint32_t flags;
    uint32_t field_count;
    const struct lw_field *fields;
    int (*deliver)(lw_any_fn *on_row, void *context, const struct lw_row *row, const void *value);
    _Bool (*decode)(const char *json, size_t size, void *ret_value, const char **ret_why, size_t *ret_offset);
    void (*release)(void *value);
};
const char *lw_version(void);
typedef enum lw_code {
    LW_OK = 0,
    LW_E_MISUSE,
    LW_E_SYSTEM,
    LW_E_UNSUPPORTED,
    LW_E_SPAWN,
    LW_E_HANDSHAKE,
    LW_E_CAPABILITY,
    LW_E_EXPORT,
    LW_E_STATUS,
    LW_E_EXCEPTION,
    LW_E_ROW,
    LW_E_DECODE,
    LW_E_METADATA,
    LW_E_SINK,
    LW_E_CANCELLED,
    LW_E_TIMEOUT,
    LW_E_DIED,
    LW_E_PROTOCOL,
    LW_E_SESSION,
    LW_E_GAVE_UP,
    LW_E_TOOLCHAIN,
    LW_E_BUILD,
    LW_E_BUG,
} lw_code;
typedef enum lw_verdict {
    LW_V_OK,
    LW_V_MISUSE,
    LW_V_ENCODE,
    LW_V_NO_MEMORY,
    LW_V_SYSTEM_CALL,
    LW_V_UNSUPPORTED,
    LW_V_MANIFEST,
    LW_V_CHILD_NOT_FOUND,
    LW_V_CHILD_NOT_STARTED,
    LW_V_CHILD_NOT_CONTAINED,
    LW_V_WRONG_PROGRAM,
    LW_V_WRONG_VERSION,
    LW_V_EXITED,
    LW_V_SIGNALLED,
    LW_V_KILLED_FROM_OUTSIDE,
    LW_V_OUT_OF_MEMORY,
    LW_V_MEMORY_LIMIT,
    LW_V_RESOURCE_LIMIT,
    LW_V_PANIC,
    LW_V_LEAN_NO_MEMORY,
    LW_V_LEAN_NO_THREAD,
    LW_V_STACK_OVERFLOW,
    LW_V_END_UNKNOWN,
    LW_V_START_TIMEOUT,
    LW_V_OPEN_TIMEOUT,
    LW_V_REQUEST_TIMEOUT,
    LW_V_FIRST_ROW_TIMEOUT,
    LW_V_IDLE_TIMEOUT,
    LW_V_PROTOCOL,
    LW_V_RUNTIME,
    LW_V_RUNTIME_TOO_OLD,
    LW_V_INSPECTION,
    LW_V_CAPABILITY_LOAD,
    LW_V_INITIALIZER,
    LW_V_IMPORT,
    LW_V_EXPORT_UNKNOWN,
    LW_V_EXPORT_DATA,
    LW_V_EXPORT_KIND,
    LW_V_EXPORT_STATUS,
    LW_V_EXCEPTION,
    LW_V_ROW_MALFORMED,
    LW_V_ROW_TOO_LARGE,
    LW_V_REPLY_MALFORMED,
    LW_V_HOLD_LIMIT,
    LW_V_ROW_DECODE,
    LW_V_SUMMARY_DECODE,
    LW_V_REPLY_DECODE,
    LW_V_CHILD_NO_MEMORY,
    LW_V_CANCELLED,
    LW_V_SINK,
    LW_V_METADATA,
    LW_V_SESSION_LOST,
    LW_V_REPLACED,
    LW_V_OTHER_OPEN,
    LW_V_GAVE_UP,
    LW_V_TOOLCHAIN_NOT_FOUND,
    LW_V_LAKE_NOT_FOUND,
    LW_V_PROJECT_NOT_FOUND,
    LW_V_PACKAGE_NOT_FOUND,
    LW_V_BUILD_TARGET,
    LW_V_BUILD_PACKAGES,
    LW_V_BUILD_FAILED,
    LW_V_BUILD_OUTPUT,
    LW_V_BUILD_TIMEOUT,
    LW_V_INSPECT_TIMEOUT,
    LW_V_BUG,
    LW_VERDICT_COUNT,
} lw_verdict;
const char *lw_code_name(lw_code code);
const char *lw_verdict_name(lw_verdict verdict);
const char *lw_verdict_text(lw_verdict verdict);
const char *lw_verdict_advice(lw_verdict verdict);
lw_code lw_verdict_code(lw_verdict verdict);
typedef enum lw_restart {
    LW_RESTART_NONE,
    LW_RESTART_EXPLICIT,
    LW_RESTART_CAPABILITY,
    LW_RESTART_MAX_REQUESTS,
    LW_RESTART_MEMORY_CEILING,
    LW_RESTART_IDLE_AGE,
    LW_RESTART_MEMORY_LIMIT,
    LW_RESTART_START_FAILED,
    LW_RESTART_OPEN_FAILED,
    LW_RESTART_OPEN_TIMEOUT,
    LW_RESTART_REQUEST_TIMEOUT,
    LW_RESTART_CANCELLED,
    LW_RESTART_SINK,
    LW_RESTART_CRASH,
    LW_RESTART_PROTOCOL,
    LW_RESTART_SYSTEM,
    LW_RESTART_COUNT,
} lw_restart;
const char *lw_restart_name(lw_restart reason);
typedef enum lw_containment {
    LW_CONTAINMENT_BEST = 0,
    LW_CONTAINMENT_PID_NAMESPACE = 1,
    LW_CONTAINMENT_USER_PID_NAMESPACE = 2,
    LW_CONTAINMENT_SUBREAPER = 3,
} lw_containment;
struct lw_exit {
    uint8_t known;
    uint8_t ordered;
    int code;
    int signal;
    uint32_t survivors;
    lw_containment containment;
    uint64_t user_us, system_us;
    uint64_t peak_kib;
};
enum {
    LW_ROW_NONE = 0,
    LW_ROW_AT_FAULT = 1,
    LW_ROW_LAST = 2,
};
struct lw_error {
    size_t struct_size;
    lw_code code;
    lw_verdict verdict;
    uint32_t generation;
    int status;
    uint8_t has_row;
    uint8_t work_started;
    uint8_t killed;
    lw_restart restart;
    uint32_t retry_ms;
    char message[1024];
    char command[256];
    char stream[256];
    uint64_t sequence;
    uint64_t offset;
    char path[256];
    uint64_t rows;
    uint64_t elapsed_ns;
    uint64_t asked_ns;
    uint64_t quiet_ns;
    struct lw_exit exit;
    uint64_t log_bytes;
    char log_tail[4096];
};
size_t lw_verdict_explain(const struct lw_error *error, char *ret_text, size_t room);
lw_code lw_encode(struct lw_input value, char **ret_json, size_t *ret_size, struct lw_error *ret_error);
lw_code lw_decode(const char *json, size_t size, struct lw_output into, void **ret_memory, struct lw_error *ret_error);
void lw_free(void *memory);
struct lw_budgets {
    uint32_t start_ms;
    uint32_t open_ms;
    uint32_t request_ms;
    uint32_t first_row_ms;
    uint32_t idle_ms;
    uint32_t shutdown_ms;
    uint32_t ask_ms;
    uint32_t grace_ms;
    uint32_t reserved[4];
};
typedef struct lw_cancel_token lw_cancel_token;
lw_code lw_cancel_token_create(lw_cancel_token **ret_token, struct lw_error *ret_error);
void lw_cancel_token_free(lw_cancel_token **token);
void lw_cancel_token_cancel(lw_cancel_token *token);
int lw_cancel_token_is_cancelled(const lw_cancel_token *token);
void lw_cancel_token_reset(lw_cancel_token *token);
struct lw_call_options {
    size_t struct_size;
    struct lw_budgets budgets;
    int64_t deadline_ns;
    lw_cancel_token *cancel;
};
typedef struct lw_capability lw_capability;
lw_code lw_capability_load(const char *manifest_path, lw_capability **ret_capability, struct lw_error *ret_error);
struct lw_capability_options {
    size_t struct_size;
    const char *host;
    const char *library;
    const char *runtime;
    const char *package;
    const char *module;
    const char *const *dependencies;
    const char *imports;
    const char *lean_version;
};
lw_code lw_capability_create(const struct lw_capability_options *options, lw_capability **ret_capability, struct lw_error *ret_error);
lw_code lw_capability_with_imports(const lw_capability *capability, const char *imports, lw_capability **ret_capability, struct lw_error *ret_error);
void lw_capability_free(lw_capability **capability);
typedef struct lw_worker lw_worker;
typedef void (*lw_log_fn)(void *context, uint32_t generation, const char *text, size_t size);
struct lw_progress {
    const char *phase;
    uint64_t current;
    uint64_t total;
};
typedef void (*lw_open_progress_fn)(void *context, uint32_t generation, const struct lw_progress *progress);
typedef enum lw_replacement {
    LW_REPLACE_LAZY = 0,
    LW_REPLACE_EAGER,
    LW_REPLACE_MANUAL,
} lw_replacement;
struct lw_restart_policy {
    lw_replacement replacement;
    uint32_t max_requests;
    uint32_t max_idle_ms;
    uint64_t memory_ceiling_kib;
    uint64_t memory_limit_kib;
    uint32_t memory_sample_ms;
    uint32_t max_deaths, window_ms;
    uint32_t backoff_ms, backoff_max_ms;
    uint32_t spare;
    uint32_t refuse_other;
};
struct lw_worker_options {
    size_t struct_size;
    const char *child_path;
    const char *const *environment;
    const char *lean_sysroot;
    struct lw_budgets budgets;
    struct lw_restart_policy restart;
    uint64_t row_cap;
    lw_containment containment;
    lw_log_fn on_log;
    void *log_context;
    lw_open_progress_fn on_open_progress;
    void *open_progress_context;
};
lw_code lw_worker_start(const struct lw_worker_options *options, const struct lw_call_options *call, lw_worker **ret_worker, struct lw_error *ret_error);
lw_code lw_worker_set_budgets(lw_worker *worker, const struct lw_budgets *budgets, struct lw_error *ret_error);
lw_code lw_worker_health(lw_worker *worker, const struct lw_call_options *call, struct lw_error *ret_error);
lw_code lw_worker_cycle(lw_worker *worker, const struct lw_call_options *call, struct lw_error *ret_error);
int lw_worker_fd(const lw_worker *worker);
lw_code lw_worker_pump(lw_worker *worker, int *ret_again_ms, struct lw_error *ret_error);
struct lw_worker_facts {
    size_t struct_size;
    uint32_t generation;
    pid_t pid;
    pid_t warden_pid;
    lw_containment containment;
    uint32_t protocol;
    char build[64];
    char child_path[1024];
    uint32_t spare_generation;
    pid_t spare_pid;
    uint8_t spare_ready;
};
lw_code lw_worker_facts(lw_worker *worker, struct lw_worker_facts *ret_facts);
struct lw_histogram {
    uint64_t count, sum_ns, max_ns;
    uint64_t bucket[40];
};
uint64_t lw_histogram_quantile(const struct lw_histogram *histogram, double share);
struct lw_worker_statistics {
    size_t struct_size;
    uint32_t generations;
    uint32_t unburied;
    uint64_t requests, successes;
    uint64_t repeated;
    uint64_t failures[LW_VERDICT_COUNT];
    uint64_t deaths;
    uint64_t restarts[LW_RESTART_COUNT];
    uint64_t handovers;
    uint64_t spare_failures;
    uint64_t opens;
    uint64_t rows, row_bytes;
    uint64_t log_bytes;
    uint64_t memory_samples, memory_misses;
    uint64_t memory_kib, memory_peak_kib;
    uint64_t spare_kib;
    struct lw_histogram spawn;
    struct lw_histogram open;
    struct lw_histogram request;
    struct lw_histogram first_row;
    struct lw_histogram recovery;
    struct lw_histogram handover;
    uint64_t lane_waits;
};
lw_code lw_worker_statistics(lw_worker *worker, struct lw_worker_statistics *ret_statistics);
typedef enum lw_shutdown_outcome {
    LW_SHUTDOWN_ORDERLY,
    LW_SHUTDOWN_ALREADY_DEAD,
    LW_SHUTDOWN_DIED,
    LW_SHUTDOWN_KILLED,
    LW_SHUTDOWN_PROTOCOL,
} lw_shutdown_outcome;
struct lw_shutdown_report {
    size_t struct_size;
    lw_shutdown_outcome outcome;
    struct lw_exit exit;
    uint64_t elapsed_ns;
    uint64_t asked_ns;
    uint32_t generations;
    uint32_t unreaped;
};
lw_code lw_worker_shutdown(lw_worker *worker, struct lw_shutdown_report *ret_report, struct lw_error *ret_error);
void lw_worker_close(lw_worker **worker);
typedef struct lw_session lw_session;
lw_code lw_session_open(lw_worker *worker, const lw_capability *capability, const struct lw_call_options *call, lw_session **ret_session, struct lw_error *ret_error);
lw_code lw_session_set_budgets(lw_session *session, const struct lw_budgets *budgets, struct lw_error *ret_error);
struct lw_session_facts {
    size_t struct_size;
    uint32_t generation;
    char host[32];
    char runtime[128];
    char lean_version[64];
    char warning[256];
};
lw_code lw_session_facts(const lw_session *session, struct lw_session_facts *ret_facts);
struct lw_row {
    const char *stream;
    uint64_t sequence;
    const char *payload;
    size_t payload_size;
    uint32_t generation;
};
struct lw_diagnostic {
    const char *code, *message;
};
struct lw_sinks {
    size_t struct_size;
    void *context;
    int (*on_row)(void *context, const struct lw_row *row);
    int (*on_diagnostic)(void *context, const struct lw_diagnostic *diagnostic);
    int (*on_progress)(void *context, const struct lw_progress *progress);
    int (*on_metadata)(void *context, const char *json, size_t size);
    const struct lw_rows *rows;
    size_t rows_count;
    size_t decoded_max;
    size_t hold_bytes;
};
struct lw_stream_count {
    char *stream;
    uint64_t rows;
};
struct lw_summary {
    size_t struct_size;
    uint64_t rows;
    struct lw_stream_count *streams;
    size_t stream_count;
    uint64_t elapsed_ns;
    char *metadata;
    size_t metadata_size;
    struct lw_output into;
    void *memory;
    uint32_t generation;
    lw_restart restarted;
    pid_t pid;
};
void lw_summary_clear(struct lw_summary *summary);
lw_code lw_session_stream(lw_session *session, const char *export_name, struct lw_input request, const struct lw_sinks *sinks, const struct lw_call_options *call, struct lw_summary *ret_summary, struct lw_error *ret_error);
struct lw_reply {
    size_t struct_size;
    char *text;
    size_t size;
    uint64_t elapsed_ns;
    uint32_t generation;
    lw_restart restarted;
    struct lw_output into;
    void *memory;
};
void lw_reply_clear(struct lw_reply *reply);
lw_code lw_session_call(lw_session *session, const char *export_name, struct lw_input request, const struct lw_call_options *call, struct lw_reply *ret_reply, struct lw_error *ret_error);
void lw_session_close(lw_session **session);
size_t lw_struct_size(const char *name);
struct lw_named_version {
    const char *name, *version;
};
struct lw_metadata {
    size_t struct_size;
    const struct lw_named_version *commands;
    size_t command_count;
    const struct lw_named_version *capabilities;
    size_t capability_count;
    const char *lean_version;
    struct lw_json extra;
    char *json;
    size_t json_size;
    uint32_t generation;
    void *memory;
};
void lw_metadata_clear(struct lw_metadata *metadata);
lw_code lw_session_metadata(lw_session *session, const char *export_name, struct lw_input request, const struct lw_call_options *call, struct lw_metadata *ret_metadata, struct lw_error *ret_error);
struct lw_version_range {
    const char *name;
    const char *at_least, *below;
};
struct lw_expectation {
    size_t struct_size;
    const char *equals;
    const char *includes;
    const struct lw_version_range *commands;
    size_t command_count;
    const struct lw_version_range *capabilities;
    size_t capability_count;
    struct lw_version_range lean;
};
lw_code lw_metadata_check(const struct lw_metadata *metadata, const struct lw_expectation *expected, struct lw_error *ret_error);
lw_code lw_session_expect_metadata(lw_session *session, const char *export_name, const struct lw_expectation *expected, const struct lw_call_options *call, struct lw_error *ret_error);
const struct lw_metadata *lw_session_expected_metadata(const lw_session *session);
typedef enum lw_severity {
    LW_SEVERITY_PASS,
    LW_SEVERITY_WARNING,
    LW_SEVERITY_ERROR,
} lw_severity;
const char *lw_severity_name(lw_severity severity);
struct lw_finding {
    lw_severity severity;
    const char *code, *message;
    struct lw_json details;
};
struct lw_doctor_report {
    size_t struct_size;
    const struct lw_finding *findings;
    size_t finding_count;
    struct lw_json metadata;
    char *json;
    size_t json_size;
    uint32_t generation;
    void *memory;
};
void lw_doctor_report_clear(struct lw_doctor_report *report);
lw_code lw_session_doctor(lw_session *session, const char *export_name, struct lw_input request, const struct lw_call_options *call, struct lw_doctor_report *ret_report, struct lw_error *ret_error);
lw_severity lw_doctor_verdict(const struct lw_doctor_report *report);
typedef enum lw_toolchain_source {
    LW_TOOLCHAIN_EXPLICIT = 0,
    LW_TOOLCHAIN_ENVIRONMENT,
    LW_TOOLCHAIN_PROJECT,
    LW_TOOLCHAIN_PATH,
    LW_TOOLCHAIN_DEFAULT,
} lw_toolchain_source;
struct lw_toolchain_options {
    size_t struct_size;
    const char *sysroot;
    const char *project_root;
    void (*on_probe)(void *context, const char *place, const char *path, const char *result);
    void *context;
};
struct lw_toolchain {
    size_t struct_size;
    lw_toolchain_source source;
    char sysroot[1024];
    char runtime[1024];
    char version[64];
    char warning[256];
};
lw_code lw_toolchain_find(const struct lw_toolchain_options *options, struct lw_toolchain *ret_toolchain, struct lw_error *ret_error);
struct lw_build_options {
    size_t struct_size;
    const char *project_root;
    const char *library;
    const char *module;
    const char *sysroot;
    const char *manifest;
    const char *child_path;
    uint32_t build_ms;
    uint8_t always;
    uint8_t allow_fetch;
    lw_cancel_token *cancel;
    void (*on_progress)(void *context, const struct lw_progress *progress);
    void (*on_log)(void *context, const char *text, size_t size);
    void (*on_probe)(void *context, const char *place, const char *path, const char *result);
    void *context;
};
struct lw_build {
    size_t struct_size;
    char manifest[1024];
    char library[1024];
    size_t dependencies;
    struct lw_toolchain toolchain;
    uint8_t up_to_date;
    char reason[256];
    uint64_t elapsed_ns;
};
lw_code lw_build(const struct lw_build_options *options, struct lw_build *ret_build, struct lw_error *ret_error);
typedef enum lw_symbol_kind {
    LW_SYMBOL_OTHER = 0,
    LW_SYMBOL_FUNCTION,
    LW_SYMBOL_DATA,
} lw_symbol_kind;
struct lw_export {
    char *name;
    lw_symbol_kind kind;
    uint8_t generated;
};
struct lw_exports {
    size_t struct_size;
    struct lw_export *exports;
    size_t export_count;
    char **undefined;
    size_t undefined_count;
    char **needed;
    size_t needed_count;
    char machine[16];
    char build_id[136];
    uint64_t size;
};
void lw_exports_clear(struct lw_exports *exports);
lw_code lw_capability_exports(const lw_capability *capability, const char *child_path, const struct lw_call_options *call, struct lw_exports *ret_exports, struct lw_error *ret_error);
lw_code lw_library_exports(const char *library, const char *child_path, const struct lw_call_options *call, struct lw_exports *ret_exports, struct lw_error *ret_error);
lw_code lw_exports_find(const struct lw_exports *exports, const char *name, const struct lw_export **ret_export, struct lw_error *ret_error);
typedef enum lw_step {
    LW_STEP_CHECK,
    LW_STEP_BUILD,
    LW_STEP_LOAD,
    LW_STEP_START,
    LW_STEP_HEALTH,
    LW_STEP_OPEN,
    LW_STEP_METADATA,
    LW_STEP_COUNT,
} lw_step;
const char *lw_step_name(lw_step step);
struct lw_open_options {
    size_t struct_size;
    const struct lw_build_options *build;
    const char *manifest;
    const char *const *imports;
    const char *import_root;
    const char *import_level;
    const struct lw_worker_options *worker;
    const char *metadata_export;
    const struct lw_expectation *expected;
    void (*on_step)(void *context, lw_step step);
    void *context;
};
struct lw_opened {
    size_t struct_size;
    lw_worker *worker;
    lw_session *session;
    struct lw_build build;
    uint64_t step_ns[LW_STEP_COUNT];
    uint64_t elapsed_ns;
};
void lw_opened_close(struct lw_opened *opened);
lw_code lw_open(const struct lw_open_options *options, const struct lw_call_options *call, struct lw_opened *ret_opened, struct lw_error *ret_error);
struct lw_check_finding {
    lw_severity severity;
    const char *code;
    lw_verdict verdict;
    char *subject;
    char *message;
    char *advice;
};
struct lw_check_report {
    size_t struct_size;
    struct lw_check_finding *findings;
    size_t finding_count;
    uint64_t step_ns[LW_STEP_COUNT];
};
void lw_check_report_clear(struct lw_check_report *report);
lw_code lw_capability_check(const struct lw_open_options *options, int quick, const struct lw_call_options *call, struct lw_check_report *ret_report, struct lw_error *ret_error);
lw_severity lw_check_verdict(const struct lw_check_report *report);
"""
