-- Three days of a shop in Europe/Berlin. On Sunday, 29 March 2026, the clock goes from 02:00 to 03:00.
INSERT INTO hits (site, hour, host, path, event, source, channel, campaign, entry, country, device, browser, browser_version, os, os_version,
    pageviews, events, visitors, visitors_hour, visitors_page, visitors_host, visitors_entry, visitors_source, visitors_channel, visitors_campaign,
    visits, visits_page, engaged, seconds) VALUES
-- Saturday 12:00: two people arrive at / from Google; one looks at /a too, and again at 13:00 after a pause (a second visit, to /a).
('shop', '2026-03-28 11:00:00', 'shop.example', '/', '', 'Google', 'Organic Search', '', '/', 'DE', 'Desktop', 'Firefox', '140', 'Windows', '11', 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 2, 2, 0, 0),
('shop', '2026-03-28 11:00:00', 'shop.example', '/a', '', 'Google', 'Organic Search', '', '/', 'DE', 'Desktop', 'Firefox', '140', 'Windows', '11', 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 60),
('shop', '2026-03-28 12:00:00', 'shop.example', '/a', '', '', 'Direct', '', '/a', 'DE', 'Desktop', 'Firefox', '140', 'Windows', '11', 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0),
-- Sunday 01:00, before the change, and 03:00, just after it: two direct visitors whose attributes too few share.
('shop', '2026-03-29 00:00:00', 'www.shop.example', '/', '', '', 'Direct', '', '/', '', '', '', '', '', '', 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0),
('shop', '2026-03-29 01:00:00', 'www.shop.example', '/b%''"\\', '', '', 'Direct', '', '/b%''"\\', '', 'Mobile', '', '', '', '', 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0),
-- Monday 23:00: a campaign's visitor reads / and signs up.
('shop', '2026-03-30 21:00:00', 'shop.example', '/', '', 'news', 'Email', 'spring', '/', 'FR', 'Mobile', 'Safari', '26', 'iOS', '', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0),
('shop', '2026-03-30 21:00:00', 'shop.example', '', 'Signup', 'news', 'Email', 'spring', '/', 'FR', 'Mobile', 'Safari', '26', 'iOS', '', 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 30),
-- Another site, which no answer about the shop may hold.
('other', '2026-03-28 11:00:00', 'other.example', '/', '', 'Google', 'Organic Search', '', '/', 'DE', 'Desktop', 'Firefox', '140', 'Windows', '11', 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 0, 1000, 1000, 1000, 1000);

-- Totals by the hour; attributes by the day and visitors only; arrivals by the day.
INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visitors_hour, visits, engaged, seconds) VALUES
('shop', '2026-03-28 11:00:00', '', '', 3, 3, 2, 2, 2, 1, 60),
('shop', '2026-03-28 12:00:00', '', '', 1, 1, 0, 1, 1, 0, 0),
('shop', '2026-03-29 00:00:00', '', '', 1, 1, 1, 1, 1, 0, 0),
('shop', '2026-03-29 01:00:00', '', '', 1, 1, 1, 1, 1, 0, 0),
('shop', '2026-03-30 21:00:00', '', '', 1, 2, 1, 1, 1, 1, 30),
('shop', '2026-03-27 23:00:00', 'visit:country', 'DE', 0, 0, 2, 0, 0, 0, 0),
('shop', '2026-03-28 23:00:00', 'visit:country', 'LI', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-28 23:00:00', 'visit:country', '', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-29 22:00:00', 'visit:country', 'FR', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-27 23:00:00', 'visit:device', 'Desktop', 0, 0, 2, 0, 0, 0, 0),
('shop', '2026-03-28 23:00:00', 'visit:device', 'Tablet', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-28 23:00:00', 'visit:device', 'Mobile', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-29 22:00:00', 'visit:device', 'Mobile', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-27 23:00:00', 'visit:browser_version', 'Firefox 140', 0, 0, 2, 0, 0, 0, 0),
('shop', '2026-03-27 23:00:00', 'visit:provider', 'Example Telecom', 0, 0, 2, 0, 0, 0, 0),
('shop', '2026-03-28 23:00:00', 'visit:provider', '', 0, 0, 2, 0, 0, 0, 0),
('shop', '2026-03-29 22:00:00', 'visit:provider', 'Exemple Mobile', 0, 0, 1, 0, 0, 0, 0),
('shop', '2026-03-29 22:00:00', 'visit:utm_campaign', 'spring', 1, 2, 1, 0, 1, 1, 30),
('shop', '2026-03-29 22:00:00', 'visit:utm_medium', 'email', 1, 2, 1, 0, 1, 1, 30),
('shop', '2026-03-29 22:00:00', 'visit:utm', concat('news', char(31), 'email', char(31), 'spring'), 1, 2, 1, 0, 1, 1, 30),
('shop', '2026-03-28 23:00:00', 'visit:utm', concat('forum', char(31), char(31)), 2, 2, 1, 0, 1, 1, 10),
('shop', '2026-03-28 23:00:00', 'visit:utm', concat(char(31), char(31), 'spring'), 4, 4, 1, 0, 1, 0, 0),
('shop', '2026-03-27 23:00:00', 'visit:entry_page_hostname', 'shop.example', 4, 4, 2, 0, 3, 1, 60),
('shop', '2026-03-28 23:00:00', 'visit:entry_page_hostname', 'www.shop.example', 2, 2, 2, 0, 2, 0, 0),
('shop', '2026-03-29 22:00:00', 'visit:entry_page_hostname', 'shop.example', 1, 2, 1, 0, 1, 1, 30),
-- A visit of Saturday went on from one host to the other in a later delivery: what is taken away wraps around.
('shop', '2026-03-27 23:00:00', 'visit:exit_page_hostname', 'shop.example', 0, 0, 2, 0, 3, 0, 60),
('shop', '2026-03-27 23:00:00', 'visit:exit_page_hostname', 'shop.example', 0, 0, 0, 0, 18446744073709551615, 0, 18446744073709551556),
('shop', '2026-03-27 23:00:00', 'visit:exit_page_hostname', 'www.shop.example', 0, 0, 1, 0, 1, 0, 120),
('shop', '2026-03-28 23:00:00', 'visit:exit_page_hostname', 'www.shop.example', 0, 0, 2, 0, 2, 0, 0),
('shop', '2026-03-29 22:00:00', 'visit:exit_page_hostname', 'shop.example', 0, 0, 1, 0, 1, 0, 30),
('other', '2026-03-28 11:00:00', '', '', 1000, 1000, 1000, 1000, 1000, 1000, 1000),
('other', '2026-03-27 23:00:00', 'visit:country', 'DE', 0, 0, 1000, 0, 0, 0, 0),
('other', '2026-03-27 23:00:00', 'visit:device', 'Desktop', 0, 0, 1000, 0, 0, 0, 0);

INSERT INTO minutes (site, minute, origin, kind, method, status, threat, requests, bytes) VALUES
('shop', '2026-03-28 11:00:00', 'log', 'page', 'GET', 200, '', 3, 3000),
('shop', '2026-03-28 11:01:00', 'log', 'static', 'GET', 200, '', 5, 50000),
('shop', '2026-03-28 11:01:00', 'log', 'error', 'GET', 404, '', 2, 0),
('shop', '2026-03-28 12:30:00', 'beacon', 'page', 'POST', 200, '', 1, 1000),
('shop', '2026-03-29 00:59:00', 'log', 'page', 'GET', 200, '', 1, 700),
('shop', '2026-03-29 01:00:00', 'log', 'error', 'POST', 500, 'sqli', 4, 400),
('shop', '2026-03-30 21:59:00', 'log', 'page', 'GET', 200, '', 1, 5000000000),
('other', '2026-03-27 11:00:00', 'log', 'page', 'GET', 200, '', 1000, 1000);

INSERT INTO paths (site, hour, path, status, method, kind, requests, bytes) VALUES
('shop', '2026-03-28 11:00:00', '/', 200, 'GET', 'page', 2, 2000),
('shop', '2026-03-28 11:00:00', '/a', 200, 'GET', 'page', 1, 1000),
('shop', '2026-03-28 11:00:00', '/app.js', 200, 'GET', 'static', 5, 50000),
('shop', '2026-03-28 11:00:00', '/gone', 404, 'GET', 'error', 2, 0),
('shop', '2026-03-28 12:00:00', '/a', 200, 'POST', 'page', 1, 1000),
('shop', '2026-03-29 00:00:00', '/', 200, 'GET', 'page', 1, 700),
('shop', '2026-03-30 21:00:00', '/', 200, 'GET', 'page', 1, 5000000000);

INSERT INTO paths (site, hour, path, status, method, kind, threat, requests, bytes) VALUES
('shop', '2026-03-29 01:00:00', '/login', 500, 'POST', 'error', 'sqli', 4, 400);

INSERT INTO bots (site, hour, bot, class, path, status, requests, bytes) VALUES
('shop', '2026-03-28 11:00:00', 'Googlebot', 'Search engine', '/', 200, 7, 7000),
('shop', '2026-03-28 11:00:00', 'Googlebot', 'Search engine', '/gone', 404, 1, 0),
('shop', '2026-03-30 21:00:00', 'GPTBot', 'AI crawler', '/a', 200, 2, 2000);

-- Beacons told of two of the three page views from Google, and of the campaign's.
INSERT INTO hits (site, hour, host, path, source, channel, campaign, entry, country, device, browser, browser_version, os, os_version, beaconed) VALUES
('shop', '2026-03-28 11:00:00', 'shop.example', '/', 'Google', 'Organic Search', '', '/', 'DE', 'Desktop', 'Firefox', '140', 'Windows', '11', 1),
('shop', '2026-03-28 11:00:00', 'shop.example', '/a', 'Google', 'Organic Search', '', '/', 'DE', 'Desktop', 'Firefox', '140', 'Windows', '11', 1),
('shop', '2026-03-30 21:00:00', 'shop.example', '/', 'news', 'Email', 'spring', '/', 'FR', 'Mobile', 'Safari', '26', 'iOS', '', 1);

-- What is counted alone; one visitor's screen was told later, so that one was taken away again where it was not known.
INSERT INTO counts (site, hour, dimension, value, visitors) VALUES
('shop', '2026-03-27 23:00:00', 'visit:city', 'Berlin', 2),
('shop', '2026-03-28 23:00:00', 'visit:city', '', 2),
('shop', '2026-03-29 22:00:00', 'visit:city', 'Lyon', 1),
-- Two cities of one name, a city without a region and, of the day before, unknown ones with what they are in; the rows
-- above are older than that.
('shop', '2026-03-26 23:00:00', 'visit:city', concat('DE-BB', char(31), 'Frankfurt'), 2),
('shop', '2026-03-26 23:00:00', 'visit:city', concat('DE-HE', char(31), 'Frankfurt'), 3),
('shop', '2026-03-26 23:00:00', 'visit:city', concat('DE-HE', char(31)), 1),
('shop', '2026-03-26 23:00:00', 'visit:city', concat('FR', char(31)), 4),
('shop', '2026-03-26 23:00:00', 'visit:city', concat('SG', char(31), 'Singapore'), 1),
('shop', '2026-03-26 23:00:00', 'visit:region', 'DE-BB', 2),
('shop', '2026-03-26 23:00:00', 'visit:region', 'DE-HE', 4),
('shop', '2026-03-26 23:00:00', 'visit:region', 'FR', 4),
('shop', '2026-03-26 23:00:00', 'visit:region', 'SG', 1),
('shop', '2026-03-27 23:00:00', 'visit:region', 'DE-BE', 2),
('shop', '2026-03-28 23:00:00', 'visit:region', '', 2),
('shop', '2026-03-27 23:00:00', 'visit:screen', 'Laptop', 1),
('shop', '2026-03-27 23:00:00', 'visit:screen', '', 1),
('shop', '2026-03-28 23:00:00', 'visit:screen', 'Tablet', 2),
('shop', '2026-03-29 22:00:00', 'visit:screen', '', 1),
('shop', '2026-03-29 22:00:00', 'visit:screen', '', 18446744073709551615),
('shop', '2026-03-29 22:00:00', 'visit:screen', 'Mobile', 1);

-- A visitor orders twice and is thanked once; the properties of the orders, and of page views.
INSERT INTO goals (site, kind, definition, step, currency, hour, path, host, source, channel, campaign, entry, country, device, browser, browser_version, os, os_version,
    pageviews, events, visitors, visits, revenue) VALUES
('shop', 'goal', 'event Order', 0, 'EUR', '2026-03-29 22:00:00', '', 'shop.example', 'news', 'Email', 'spring', '/', 'FR', 'Mobile', 'Safari', '26', 'iOS', '', 0, 2, 1, 1, 30.5),
('shop', 'goal', 'page /thanks', 0, '', '2026-03-29 22:00:00', '/thanks', 'shop.example', 'news', 'Email', 'spring', '/', 'FR', 'Mobile', 'Safari', '26', 'iOS', '', 1, 1, 1, 1, 0);

INSERT INTO props (site, day, event, name, value, events, visitors, visits) VALUES
('shop', '2026-03-29 22:00:00', 'Order', 'plan', 'pro', 2, 1, 1),
('shop', '2026-03-29 22:00:00', 'Order', 'size', 'L', 1, 1, 1),
('shop', '2026-03-27 23:00:00', '', 'plan', 'free', 3, 2, 2);
