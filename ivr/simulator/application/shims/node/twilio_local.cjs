// Sends what Twilio's Node library asks to the local account at TWILIO_API_URL. Node runs this file at its start,
// because NODE_OPTIONS requires it (`ivr env`). Without TWILIO_API_URL it does nothing. With it, no request reaches
// twilio.com: those over HTTPS go to the local account, and no name of Twilio's is looked up.
"use strict";

const dns = require("node:dns");
const http = require("node:http");
const https = require("node:https");
const { syncBuiltinESMExports } = require("node:module");
const { urlToHttpOptions } = require("node:url");

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

function isTwilio(host) {
  return `.${String(host || "").toLowerCase().replace(/\.$/, "")}`.endsWith(".twilio.com");
}

function localAccount(base) {
  const at = URL.canParse(base) ? new URL(base) : null;
  if (at === null || at.protocol !== "http:" || !LOOPBACK.includes(at.hostname)) {
    throw new Error(`TWILIO_API_URL is '${base}'; it must be http://127.0.0.1:PORT, as \`ivr emulate\` prints it`);
  }
  return at;
}

// Other products than `api` have their host in the path, to be refused there.
function pathOf(host, path) {
  return host.split(".")[0] === "api" ? path : `/${host}${path}`;
}

// The arguments of https.request: (url, options, callback), each of the first two may be left out.
function asOptions(args) {
  const rest = [...args];
  const first = typeof rest[0] === "string" || rest[0] instanceof URL ? urlToHttpOptions(new URL(rest.shift())) : {};
  const more = typeof rest[0] === "object" && rest[0] !== null ? rest.shift() : {};
  return { options: { ...first, ...more }, callback: rest[0] };
}

function withoutHost(headers) {
  if (headers === undefined || Array.isArray(headers)) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "host"));
}

function pointHttps(base, name) {
  const original = https[name];
  https[name] = function (...args) {
    const { options, callback } = asOptions(args);
    const host = options.hostname || String(options.host || "").split(":")[0];
    if (!isTwilio(host)) return original.apply(this, args);
    const at = localAccount(base);
    const local = { protocol: "http:", hostname: at.hostname.replace(/[[\]]/g, ""), port: at.port || 80 };
    const path = pathOf(host, options.path || "/");
    const without = { host: undefined, agent: undefined, headers: withoutHost(options.headers) };
    return http[name]({ ...options, ...without, ...local, path }, callback);
  };
}

function pointFetch(base) {
  const original = globalThis.fetch;
  globalThis.fetch = function (input, init) {
    const url = new URL(typeof input === "object" && "url" in input ? input.url : input);
    if (!isTwilio(url.hostname)) return original(input, init);
    const local = new URL(pathOf(url.hostname, url.pathname) + url.search, localAccount(base));
    return original(new Request(local, new Request(input, init)));
  };
}

function refused(host) {
  return new Error(`${host} is not asked: TWILIO_API_URL is set, and this request does not go over https or fetch`);
}

function guardNames() {
  const { lookup } = dns;
  dns.lookup = function (host, ...rest) {
    if (isTwilio(host)) return process.nextTick(rest[rest.length - 1], refused(host));
    return lookup.call(this, host, ...rest);
  };
  const promised = dns.promises.lookup;
  dns.promises.lookup = function (host, ...rest) {
    return isTwilio(host) ? Promise.reject(refused(host)) : promised.call(this, host, ...rest);
  };
}

const base = process.env.TWILIO_API_URL;
if (base) {
  pointHttps(base, "request");
  pointHttps(base, "get");
  if (globalThis.fetch) pointFetch(base);
  guardNames();
  syncBuiltinESMExports();
}
