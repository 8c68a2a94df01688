#include "app/cli/problem_log.h"

#include "base/text.h"
#include "deliver/json_writer.h"

namespace trawl::app::cli {

namespace {

constexpr std::size_t most_named = 10;
constexpr std::uint64_t most_of_one_object = 3;

std::string reject_json(const Reject& reject)
{
    std::string line;
    deliver::JsonWriter json(line);
    json.open_object();
    json.text("source", reject.source);
    json.number("record", reject.record);
    json.number("offset", reject.offset);
    json.text("kind", reject.kind);
    json.text("code", reject.code);
    json.text("reason", reject.reason);
    json.text("raw", reject.raw);
    json.close_object();
    return line + "\n";
}

std::string diagnostic_json(const Reject& reject)
{
    std::string line;
    deliver::JsonWriter json(line);
    json.open_object();
    json.text("severity", "error");
    json.text("code", reject.code);
    json.text("message", reject.reason);
    line += ",\"help\":\"\"";
    json.number("line", 0);
    json.number("column", 0);
    json.number("length", 0);
    json.text("file", reject.source);
    if (!reject.is_object) {
        json.number("record", reject.record);
        json.number("offset", reject.offset);
    }
    json.close_object();
    return line + "\n";
}

} // namespace

void ProblemLog::add(const Reject& reject)
{
    ++count_;
    if (messages_.format() == base::DiagnosticFormat::json) {
        messages_.always(diagnostic_json(reject));
    }
    if (rejects_ && !reject.is_object && failure_.code.empty()) {
        if (auto written = rejects_->write(reject_json(reject)); !written) {
            failure_ = written.error();
        }
    }
    deliver::Problem problem {reject.source, reject.is_object ? 0 : reject.record, reject.code, reject.reason};
    if (reject.is_object) {
        if (objects_.size() < most_named) {
            objects_.push_back(std::move(problem));
        }
        return;
    }
    const bool same_object = !records_.empty() && records_.back().source == reject.source;
    of_last_object_ = same_object ? of_last_object_ : 0;
    if (records_.size() < most_named && of_last_object_ < most_of_one_object) {
        ++of_last_object_;
        records_.push_back(std::move(problem));
    }
}

base::Result<void> ProblemLog::finish()
{
    if (!failure_.code.empty()) {
        return base::fail(failure_.code, failure_.message);
    }
    return rejects_ ? rejects_->commit() : base::Result<void>();
}

std::vector<deliver::Problem> ProblemLog::first() const
{
    std::vector<deliver::Problem> all = objects_;
    all.insert(all.end(), records_.begin(), records_.end());
    return all;
}

} // namespace trawl::app::cli
