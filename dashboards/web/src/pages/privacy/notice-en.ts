import type { Texts } from "./notice";

const list = (items: string[]) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`);

const texts: Texts = {
  title: "Statistics of this website with Klar",
  headings: {
    what: "Who counts, and what for",
    how: "What is evaluated",
    shortened: "What is shortened, and when",
    stored: "What is stored",
    place: "Where it is stored, and where countries come from",
    attacks: "Security",
    retention: "How long it is kept",
    object: "How to object",
    basis: "Legal basis",
    rights: "Your rights",
  },
  controller: "The controller is [name, address and contact of the controller].",
  purpose: "We count with the software Klar how this website is used: which pages are read, where visits come from and whether the website works. Klar is run [by us / for us by NAME as our processor].",
  log: "Our web server notes every request in a log: the time, the address (URL), the status and size of the answer, the page that led here, the browser's identification and the IP address. Klar reads this log and evaluates it as described here.",
  script: "A script on our pages reports page views and events: the address of the page, the page that led here, the width of the window, and how far and how long a page was read. Your browser sends its identification, its language and, as with every connection, your IP address along.",
  pixel: "An invisible image on our pages tells of page views where no script runs. Your browser sends the address of the page, its identification, its language and, as with every connection, your IP address along.",
  server: "Some events are reported by our own server, with the IP address and the browser's identification of the request.",
  noCookies: "No cookies are set, and Klar stores nothing on your device. No identifier of yours is formed that is stored or that would know you again on another day.",
  shortening: (removed4, removed6, before, after) =>
    `Your IP address is shortened in memory before anything else is done with it: the last ${removed4} of the 32 bits of an IPv4 address (${before} becomes ${after}) and the last ${removed6} of the 128 bits of an IPv6 address are removed. Klar stores neither the whole nor the shortened address in its statistics.`,
  day: "To tell the visitors of one day apart, a hash of the shortened address, the browser's identification and, where it is known, the language is held in memory. Its key is random, differs from day to day and is never stored; on another day it cannot be known again.",
  sums: "Stored are sums only: how many page views, visits and visitors there were, of which page, at what time and from which source (such as a search engine).",
  buffer: "Until they are added up, usually for some seconds, page views lie one by one, without address and identifier, in a buffer on the disk.",
  attributes: (names) => `Counted are also ${list(names)}.`,
  attribute: {
    country: "the country", city: "the region and city", provider: "the internet provider",
    browser: "the name and version of the browser and the system with the class of the device", language: "the language of the browser where it is known", window: "the window's width in four classes",
  },
  crowd: (people) =>
    `Several of these attributes are stored together only in combinations that at least ${people} people had within 30 days; rarer ones are made coarser until that is so.`,
  paths: "The browser's identification itself is not stored. In the addresses of pages, what has the form of an e-mail address, a number or a key is replaced.",
  query: (names) => `Of the part of an address behind the question mark, only the names of campaigns are evaluated (${names.join(", ")}).`,
  noQuery: "The part of an address behind the question mark is not stored.",
  reading: "How far and how long pages were read is stored as a sum.",
  events: "Events such as [sign-ups, downloads] are counted with their name and, where we add them, properties such as [the chosen tariff].",
  revenue: "The revenue of orders is added up, without anything about who ordered.",
  geo: "Whereabouts are looked up with the shortened address in a database on our own machine; nobody else is asked.",
  credit: (names) => `${list(names)}.`,
  embedded: "The sums are stored on the machine that Klar runs on, [in a data centre of NAME in COUNTRY].",
  elsewhere: "The sums are stored in a ClickHouse database [run by us / by NAME in COUNTRY as our processor].",
  signals: "If requests look like an attack, their number, the kind of attack, the shortened network with its country and provider, and how many other requests came from that network within the same five minutes are stored, to protect this website. Of networks that send nothing of the kind, nothing is stored that way. Alerts about attacks, with the shortened network, are kept for 90 days.",
  kept: (time) => `The sums are deleted after ${time}. Of each day only the totals of the whole website remain, such as the number of visitors, page views and requests.`,
  days: (n) => (n === 1 ? "one day" : `${n} days`),
  months: (n) => (n === 1 ? "one month" : `${n} months`),
  unlimited: "The sums are kept [for how long], [and then deleted].",
  ownLog: "The log of the web server itself is kept for [how long].",
  respectedScript: (signals) => `If your browser sends the signal ${signals}, nothing of what the script reports is kept but the number of such refusals.`,
  respectedLog: (signals) => `If your browser sends the signal ${signals}, your page views in the log are counted as requests of the server only, and not among visitors.`,
  or: "or",
  optOut: "You can keep the script from counting in this browser: [place the switch of the opt-out here].",
  contact: "You can object to the processing at any time: [contact].",
  basis: {
    open: "The legal basis is [legal basis].",
    interests: "The legal basis is Art. 6(1)(f) GDPR: our legitimate interest in knowing how this website is used and in keeping it secure.",
    task: "The legal basis is Art. 6(1)(e) GDPR with [provision]: a task carried out in the public interest.",
    consent: "The legal basis is your consent, Art. 6(1)(a) GDPR. You can withdraw it at any time: [how].",
  },
  rights: "You have the rights of access, rectification, erasure, restriction of processing, data portability and objection, and may complain to a supervisory authority. As the sums contain no identifiers, we cannot tell which of them came from you (Art. 11 GDPR).",
};

export default texts;
