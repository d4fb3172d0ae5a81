// SPDX-License-Identifier: Apache-2.0
//
// leanworker from C++17, with every macro of record.h: records of every kind, a stream whose rows are
// kept until the request has succeeded, a command, metadata, a doctor.
//
//      worker_records CAPABILITY.json
//
// What owns something is a unique_ptr; an lw_code that is no success becomes an exception, outside of
// callbacks, because none may leave one.
#include <leanworker/jansson.h>
#include <leanworker/metadata.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// ---- Every kind of field ------------------------------------------------------------------------

enum class Level { low, high };
const lw_name levels[] = { { "low", int(Level::low) }, { "high", int(Level::high) } };

struct Position {
	uint32_t line, column;
};
LW_RECORD(Position, Position, LW_FIELD(line), LW_FIELD(column, LW_DEFAULT("1")));

struct Everything {
	const char *text;
	char label[16];
	lw_str bytes;
	lw_json raw;
	double weight;
	bool has_weight;
	Level level;
	Position at;
	int64_t few[4];
	size_t few_count;
	const char *const *names;
	size_t name_count;
	Position corners[2];
	size_t corner_count;
	const Position *path;
	size_t path_count;
};
LW_STRICT_RECORD(Everything, Everything,
    LW_FIELD(text, LW_KEY("the text")),
    LW_FIELD(label, LW_OPTIONAL),
    LW_FIELD(bytes),
    LW_FIELD(raw),
    LW_FIELD(weight, LW_HAS(has_weight)),
    LW_ENUM(level, levels),
    LW_NESTED(at, Position),
    LW_ARRAY(few, few_count),
    LW_LIST(names, name_count),
    LW_ARRAY_OF(corners, corner_count, Position, LW_OPTIONAL),
    LW_LIST_OF(path, path_count, Position));

// A record of one's own making, without fields.
struct Length {
	size_t bytes;
};
bool
measure(const char *, size_t size, void *into, const char **, size_t *)
{
	static_cast<Length *>(into)->bytes = size;
	return true;
}
LW_DECODER(Length, Length, measure, nullptr);

// ---- Errors and owners --------------------------------------------------------------------------

void
must(lw_code code, const lw_error &error)
{
	if (code != LW_OK)
		throw std::runtime_error(std::string(lw_code_name(code)) + ": " + error.message);
}

template <typename type, void (*close)(type **)> struct Closer {
	void
	operator()(type *what) const
	{
		close(&what);
	}
};
using Capability = std::unique_ptr<lw_capability, Closer<lw_capability, lw_capability_free>>;
using Worker = std::unique_ptr<lw_worker, Closer<lw_worker, lw_worker_close>>;
using Session = std::unique_ptr<lw_session, Closer<lw_session, lw_session_close>>;
template <typename type> using Memory = std::unique_ptr<type, decltype(&lw_free)>;

void
round_trip()
{
	const char *const names[] = { "Nat.add_comm", "Nat.zero" };
	const Position path[] = { { 1, 2 }, { 3, 4 } };
	Everything one = {};
	one.text = "a \"quoted\" text";
	std::strcpy(one.label, "short");
	one.bytes = { "\xce\xbb", 2 };
	one.raw = { "[1,2]", 5 };
	one.weight = 0.1;
	one.has_weight = true;
	one.level = Level::high;
	one.at = { 7, 8 };
	one.few[0] = INT64_MIN;
	one.few_count = 1;
	one.names = names;
	one.name_count = 2;
	one.path = path;
	one.path_count = 2;

	lw_error error = LW_ERROR_INIT;
	char *json = nullptr;
	size_t size = 0;
	must(lw_encode(LW_VALUE(Everything, &one), &json, &size, &error), error);
	Memory<char> text(json, lw_free);
	std::printf("%s\n", json);

	Everything two = {};
	Length length = {};
	void *memory = nullptr;
	must(lw_decode(json, size, LW_INTO(Everything, &two), &memory, &error), error);
	Memory<void> behind_two(memory, lw_free);
	must(lw_decode(json, size, LW_INTO(Length, &length), &memory, &error), error);
	Memory<Everything> copy(LW_COPY(Everything, &two), lw_free);
	if (!copy || std::strcmp(copy->names[1], "Nat.zero") != 0 || length.bytes != size)
		throw std::runtime_error("a copy is not what it was made from");
}

// ---- Rows that come all or not at all -----------------------------------------------------------

struct Row {
	const char *kind;
	uint32_t ordinal;
};
LW_RECORD(Row, Row, LW_FIELD(kind), LW_FIELD(ordinal));

int
keep(void *context, const lw_row *, const Row *row) noexcept
{
	try {
		static_cast<std::vector<std::string> *>(context)->push_back(row->kind);
		return 0;
	} catch (...) {
		return 1;
	}
}

void
stream(lw_session *session)
{
	static const lw_rows rows[] = { LW_ROWS("rows", Row, keep) };
	std::vector<std::string> kinds;
	lw_summary summary = LW_SUMMARY_INIT;
	lw_error error = LW_ERROR_INIT;
	lw_sinks sinks = LW_SINKS_INIT;
	sinks.context = &kinds;
	LW_SINKS_ROWS(&sinks, rows);
	sinks.hold_bytes = 1 << 20;
	must(lw_session_stream(session, "leanworker_fixture_rows", lw_text("{}"), &sinks, nullptr,
		 &summary, &error),
	    error);
	lw_summary_clear(&summary);
	for (const std::string &kind : kinds)
		std::printf("row of kind %s\n", kind.c_str());
}

// ---- Commands ---------------------------------------------------------------------------------

void
ask(lw_session *session)
{
	lw_error error = LW_ERROR_INIT;
	lw_call_options call = LW_CALL_OPTIONS_INIT;
	lw_jansson answer = {};
	lw_reply reply = LW_REPLY_INIT;

	call.budgets.request_ms = 5000;
	reply.into = LW_INTO(lw_jansson, &answer);
	must(lw_session_call(session, "leanworker_fixture_json_command", lw_text("{}"), &call, &reply,
		 &error),
	    error);
	std::printf("kind %s\n", json_string_value(json_object_get(answer.json, "kind")));
	json_decref(answer.json);
	lw_reply_clear(&reply);
}

void
examine(lw_session *session)
{
	static const lw_version_range wanted[] = { { "cancellation", "1", nullptr } };
	lw_error error = LW_ERROR_INIT;
	lw_expectation expected = LW_EXPECTATION_INIT;
	lw_metadata metadata = LW_METADATA_INIT;
	lw_doctor_report report = LW_DOCTOR_REPORT_INIT;

	expected.capabilities = wanted;
	expected.capability_count = 1;
	must(lw_session_metadata(session, "leanworker_fixture_metadata", lw_text("{}"), nullptr,
		 &metadata, &error),
	    error);
	lw_code code = lw_metadata_check(&metadata, &expected, &error);
	lw_metadata_clear(&metadata);
	must(code, error);
	must(lw_session_doctor(session, "leanworker_fixture_doctor", lw_text("{}"), nullptr,
		 &report, &error),
	    error);
	std::printf("doctor: %s\n", lw_severity_name(lw_doctor_verdict(&report)));
	lw_doctor_report_clear(&report);
}

void
look_at(lw_worker *worker, lw_session *session)
{
	struct lw_worker_facts process = LW_WORKER_FACTS_INIT;
	struct lw_session_facts runtime = LW_SESSION_FACTS_INIT;
	struct lw_worker_statistics lived = LW_WORKER_STATISTICS_INIT;
	lw_shutdown_report end = LW_SHUTDOWN_REPORT_INIT;
	lw_error error = LW_ERROR_INIT;

	if (lw_worker_facts(worker, &process) == LW_OK &&
	    lw_session_facts(session, &runtime) == LW_OK &&
	    lw_worker_statistics(worker, &lived) == LW_OK)
		std::printf("%s, generation %u: %llu requests\n", runtime.runtime,
		    process.generation, static_cast<unsigned long long>(lived.requests));
	must(lw_worker_shutdown(worker, &end, &error), error);
}

void
run(const char *manifest)
{
	lw_error error = LW_ERROR_INIT;
	lw_worker_options options = LW_WORKER_OPTIONS_INIT;
	lw_capability *capability = nullptr;
	lw_worker *worker = nullptr;
	lw_session *session = nullptr;

	must(lw_capability_load(manifest, &capability, &error), error);
	Capability owns_capability(capability);
	must(lw_worker_start(&options, nullptr, &worker, &error), error);
	Worker owns_worker(worker);
	must(lw_session_open(worker, capability, nullptr, &session, &error), error);
	Session owns_session(session);
	stream(session);
	ask(session);
	examine(session);
	look_at(worker, session);
}

} // namespace

int
main(int argc, char **argv)
{
	if (argc != 2) {
		std::fprintf(stderr, "usage: worker_records CAPABILITY.json\n");
		return EXIT_FAILURE;
	}
	try {
		round_trip();
		run(argv[1]);
		return EXIT_SUCCESS;
	} catch (const std::exception &failure) {
		std::fprintf(stderr, "%s\n", failure.what());
		return EXIT_FAILURE;
	}
}
