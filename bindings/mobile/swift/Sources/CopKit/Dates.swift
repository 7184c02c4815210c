import Foundation

/// A calendar day, wherever it is: `Day(2021, 7, 1)`, or as text `"2021-07-01"`.
///
/// Foundation has none: a `Date` is a moment. Days compare as the calendar has them.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int

    /// A day; the library refuses one that is in no calendar.
    public init(_ year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that a text such as `2021-07-01` spells; none where it spells none.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
        self.init(year, month, day)
    }

    /// The day at `date` on the calendar of a time zone.
    public init(_ date: Date, in zone: TimeZone = .current) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        self.init(parts.year ?? 1, parts.month ?? 1, parts.day ?? 1)
    }

    /// As the library writes it.
    init(lifted text: String) {
        self = Day(text) ?? Day(1, 1, 1)
    }

    /// For pickers and formatters.
    public var components: DateComponents { DateComponents(year: year, month: month, day: day) }

    public var description: String { padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) }

    public static func < (one: Day, other: Day) -> Bool {
        (one.year, one.month, one.day) < (other.year, other.month, other.day)
    }
}

/// A day and a time on the clocks of some place, to the second: when a convening begins, by its time zone.
public struct CivilTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The day.
    public let day: Day
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute, 0 to 59.
    public let minute: Int
    /// The second, 0 to 59.
    public let second: Int

    /// A time on a day; the library refuses one that no clock shows.
    public init(_ day: Day, _ hour: Int, _ minute: Int, _ second: Int = 0) {
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The time that a text such as `2021-09-14T16:00:00` spells; none where it spells none.
    public init?(_ text: String) {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = Day(String(halves[0])) else { return nil }
        let parts = halves[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2] else { return nil }
        self.init(day, hour, minute, second)
    }

    /// As the library writes it.
    init(lifted text: String) {
        self = CivilTime(text) ?? CivilTime(Day(1, 1, 1), 0, 0)
    }

    public var description: String {
        day.description + "T" + padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2)
    }

    public static func < (one: CivilTime, other: CivilTime) -> Bool {
        (one.day, one.hour, one.minute, one.second) < (other.day, other.hour, other.minute, other.second)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
