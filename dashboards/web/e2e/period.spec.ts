// The arithmetic of periods, without a page.
import { expect, test } from "@playwright/test";
import { addMonths, daysIn, earlier, intervalsOf, rangeOf, sameHours, shift, today } from "../src/period";

const range = (from: string, to: string) => ({ from, to });

test("last days and months are whole ones, as in the Stats API", () => {
  expect(rangeOf("28d", "2026-11-23")).toEqual(range("2026-10-26", "2026-11-22"));
  expect(rangeOf("7d", "2026-03-03")).toEqual(range("2026-02-24", "2026-03-02"));
  expect(rangeOf("6mo", "2026-03-31")).toEqual(range("2025-09-01", "2026-02-28"));
  expect(rangeOf("12mo", "2024-03-31")).toEqual(range("2023-03-01", "2024-02-29"));
  expect(rangeOf("lastweek", "2026-11-23")).toEqual(range("2026-11-16", "2026-11-22")); // on a Monday
  expect(rangeOf("lastweek", "2026-11-22")).toEqual(range("2026-11-09", "2026-11-15")); // on a Sunday
  expect(rangeOf("lastmonth", "2026-01-31")).toEqual(range("2025-12-01", "2025-12-31"));
  expect(rangeOf("day", "2026-11-23")).toEqual(range("2026-11-23", "2026-11-23"));
  expect(rangeOf("year", "2026-11-23")).toEqual(range("2026-01-01", "2026-11-23"));
  expect(rangeOf("all", "2026-11-23", range("2015-05-17", "2015-05-20"))).toEqual(range("2015-05-17", "2015-05-20"));
});

test("whole months are compared with whole months, all else with as many days", () => {
  expect(shift(range("2026-03-01", "2026-03-31"), -1)).toEqual(range("2026-02-01", "2026-02-28"));
  expect(shift(range("2025-09-01", "2026-02-28"), -1)).toEqual(range("2025-03-01", "2025-08-31"));
  expect(shift(range("2015-05-17", "2015-05-20"), -1)).toEqual(range("2015-05-13", "2015-05-16"));
  expect(shift(range("2026-02-01", "2026-02-28"), 1)).toEqual(range("2026-03-01", "2026-03-31"));
  expect(addMonths("2026-01-31", 1)).toBe("2026-02-28");
  expect(daysIn(range("2026-03-28", "2026-03-30"))).toBe(3);
});

test("weekdays are matched as in the Stats API", () => {
  const previous = (from: string, to: string) => earlier(range(from, to), "previous-weekdays");
  const year = (from: string, to: string) => earlier(range(from, to), "year-weekdays");
  // The cases of report/comparison_test.go.
  expect(previous("2026-03-03", "2026-04-01")).toEqual(range("2026-02-03", "2026-03-04"));
  expect(previous("2026-04-02", "2026-04-02")).toEqual(range("2026-03-26", "2026-03-26"));
  expect(year("2026-04-01", "2026-04-02")).toEqual(range("2025-04-02", "2025-04-03"));
  expect(year("2023-01-01", "2023-01-31")).toEqual(range("2022-01-02", "2022-02-01"));
  expect(previous("2026-11-16", "2026-11-22"), "seven days are the same seven days").toEqual(range("2026-11-09", "2026-11-15"));
  expect(year("2024-02-29", "2024-02-29")).toEqual(range("2023-03-02", "2023-03-02"));
});

test("a day is the site's, not the browser's", () => {
  expect(today("Pacific/Auckland", new Date("2026-11-22T12:00:00Z"))).toBe("2026-11-23");
  expect(today("America/Los_Angeles", new Date("2026-11-23T07:59:00Z"))).toBe("2026-11-22");
});

test("today is compared with the hours of an earlier day that have passed", () => {
  expect(sameHours("Europe/Berlin", new Date("2026-11-23T13:20:00Z"), "2026-11-22")).toEqual(["2026-11-22T00:00:00+01:00", "2026-11-22T14:59:59+01:00"]);
  expect(sameHours("UTC", new Date("2026-11-23T00:10:00Z"), "2026-11-22")).toEqual(["2026-11-22T00:00:00+00:00", "2026-11-22T00:59:59+00:00"]);
  // On 29 March 2026 the clock went from 02:00 to 03:00.
  expect(sameHours("Europe/Berlin", new Date("2026-03-30T10:00:00Z"), "2026-03-29")).toEqual(["2026-03-29T00:00:00+01:00", "2026-03-29T12:59:59+02:00"]);
  expect(sameHours("Asia/Kolkata", new Date("2026-11-23T06:40:00Z"), "2026-11-22")[1]).toBe("2026-11-22T12:59:59+05:30");
});

test("the interval suits the range", () => {
  expect(intervalsOf(range("2026-11-23", "2026-11-23"))).toEqual(["hour"]);
  expect(intervalsOf(range("2015-05-17", "2015-05-20"))[0]).toBe("hour");
  expect(intervalsOf(range("2015-05-17", "2015-05-20"), false)).toEqual(["day"]);
  expect(intervalsOf(range("2015-05-17", "2015-05-17"), false)).toEqual(["day"]);
  expect(intervalsOf(range("2026-10-26", "2026-11-22"))[0]).toBe("day");
  expect(intervalsOf(range("2025-11-01", "2026-10-31"))[0]).toBe("month");
});
