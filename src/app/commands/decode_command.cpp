#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "app/cli/reading.h"
#include "app/cli/row_printer.h"
#include "app/commands/commands.h"
#include "ingest/kinds/log_kind.h"
#include "query/local/execution.h"
#include "query/plan/query.h"

namespace trawl::app::commands {

using cli::ExitStatus;

namespace {

// Events of a run as the JSON they are printed as.
class GatheredEvents final : public event::Gathered {
public:
    struct Entry {
        std::uint32_t index = 0;
        std::size_t end = 0; // In `text`, behind the event's line.
    };
    std::string text;
    std::vector<Entry> entries;
};

class EventConsumer final : public event::Consumer {
public:
    explicit EventConsumer(bool with_message) : with_message_(with_message) {}

    void consume(event::Event& event, std::uint32_t index) override
    {
        // A string that doubles would hold a huge record three times while it grows.
        constexpr std::size_t large = 1u << 20;
        const std::size_t size = event.message().size();
        if (size > large) {
            gathered_->text.reserve(gathered_->text.size() + size * (with_message_ ? 2 : 1) + large);
        }
        event.append_event_json(gathered_->text, with_message_);
        gathered_->text += '\n';
        gathered_->entries.push_back({index, gathered_->text.size()});
    }
    std::unique_ptr<event::Gathered> take() override
    {
        return std::exchange(gathered_, std::make_unique<GatheredEvents>());
    }
    std::size_t gathered_bytes() const override
    {
        return gathered_->text.size() + gathered_->entries.size() * sizeof(GatheredEvents::Entry);
    }

private:
    bool with_message_;
    std::unique_ptr<GatheredEvents> gathered_ = std::make_unique<GatheredEvents>();
};

enum class Layout { lines, array };

class EventCollector final : public event::Collector {
public:
    EventCollector(deliver::Output& output, Layout layout) : output_(output), layout_(layout) {}

    base::Result<event::Appetite> absorb(
        std::unique_ptr<event::Gathered> gathered, const event::Duplicates& duplicates) override
    {
        const auto& events = static_cast<const GatheredEvents&>(*gathered);
        std::size_t start = 0;
        for (const GatheredEvents::Entry& entry : events.entries) {
            if (!duplicates.is_copy(entry.index)) {
                TRY_VOID(write(std::string_view(events.text).substr(start, entry.end - start)));
            }
            start = entry.end;
        }
        return event::Appetite::hungry;
    }

    base::Result<void> finish() override
    {
        return layout_ == Layout::lines ? base::Result<void>() : output_.write(first_ ? "[]\n" : "\n]\n");
    }

private:
    base::Result<void> write(std::string_view line)
    {
        if (layout_ == Layout::lines) {
            return output_.write(line);
        }
        TRY_VOID(output_.write(first_ ? "[\n" : ",\n"));
        first_ = false;
        line.remove_suffix(1); // The line end.
        return output_.write(line);
    }

    deliver::Output& output_; // Outlives the collector.
    Layout layout_;
    bool first_ = true;
};

ExitStatus decode_as_json(const cli::Arguments& arguments, cli::Reading& reading, cli::Answer& answer)
{
    event::Projection projection;
    projection.ask_everything();
    const bool with_message = arguments.has("raw");
    EventCollector collector(answer.output(), answer.format() == "json" ? Layout::array : Layout::lines);
    const auto ended
        = reading.run(projection, [with_message] { return std::make_unique<EventConsumer>(with_message); }, collector);
    if (ended) {
        return *ended;
    }
    return reading.conclude(answer, ExitStatus::done, {});
}

// The columns of a table or of CSV: what kinds have in common and, of a selected kind, its own fields.
std::vector<std::string> columns_of(const cli::Arguments& arguments, bool for_people)
{
    constexpr std::array people {
        "@timestamp", "@kind", "@account", "@region", "@principal", "@src_ip", "@action", "@resource", "@outcome"};
    constexpr std::array all {"@timestamp", "@kind", "@source", "@record", "@account", "@region", "@principal",
        "@src_ip", "@action", "@resource", "@outcome", "@user_agent"};
    std::vector<std::string> columns;
    if (for_people) {
        columns.assign(people.begin(), people.end());
    } else {
        columns.assign(all.begin(), all.end());
    }
    const std::string& selected = arguments.text("kind");
    if (!for_people && !selected.empty()) {
        const auto& table = ingest::kind_table();
        const auto kind = std::ranges::find(table, std::string_view(selected), &ingest::LogKind::id);
        for (const ingest::FieldDescription& field : (*kind)->fields) {
            columns.emplace_back(field.name);
        }
    }
    if (arguments.has("raw")) {
        columns.emplace_back("@message");
    }
    return columns;
}

// `display` of the columns.
query::plan::Query query_of(const std::vector<std::string>& columns)
{
    query::plan::Query query;
    query::plan::Command display;
    display.kind = query::plan::CommandKind::display;
    for (const std::string& column : columns) {
        query::plan::Item item;
        item.name = column;
        item.expression.kind = query::plan::ExpressionKind::field;
        item.expression.path = event::FieldPath::parse(column);
        display.items.push_back(std::move(item));
    }
    query.commands.push_back(std::move(display));
    return query;
}

ExitStatus decode_as_rows(
    const cli::Arguments& arguments, cli::Session& session, cli::Reading& reading, cli::Answer& answer)
{
    query::local::Options options;
    options.temp_folder = reading.temp_folder();
    options.now = reading.now();
    auto execution
        = query::local::Execution::create(query_of(columns_of(arguments, answer.format() == "table")), {}, options);
    if (!execution) {
        session.messages.error(execution.error());
        return ExitStatus::wrong;
    }
    const auto sink = cli::make_row_sink(answer);
    const auto collector = (*execution)->make_collector(*sink);
    const auto ended
        = reading.run((*execution)->projection(), [&] { return (*execution)->make_consumer(); }, *collector);
    return ended ? *ended : reading.conclude(answer, ExitStatus::done, {});
}

} // namespace

ExitStatus decode(const cli::Arguments& arguments, cli::Session& session)
{
    ExitStatus failure = ExitStatus::wrong;
    const auto reading = cli::Reading::create(arguments, arguments.positionals(), session, failure);
    if (!reading) {
        return failure;
    }
    auto answer = cli::Answer::open(arguments, session);
    if (!answer) {
        return ExitStatus::not_written;
    }
    const bool as_rows = answer->format() == "table" || answer->format() == "csv";
    return as_rows ? decode_as_rows(arguments, session, *reading, *answer)
                   : decode_as_json(arguments, *reading, *answer);
}

} // namespace trawl::app::commands
