// The texts of signing in and of shared links.
import { local } from "../../language";

const en = {
  title: "Sign in",
  name: "Name",
  password: "Password",
  submit: "Sign in",
  or: "or",
  with: (provider: string) => `Continue with ${provider}`,
  wrong: "The name or the password is wrong.",
  tooMany: "Too many attempts failed. Try again in a few minutes.",
  provider: "The provider did not answer as expected. Try again, or ask whoever runs Klar to look at its log.",
  state: "This sign-in took too long, or was begun in another browser. Please try again.",
  role: "You are signed in at the provider, but your account has no role in Klar. Ask an owner for one.",
  denied: "You did not sign in at the provider, or it does not let you.",
  nobody: "There is no user yet. Whoever runs Klar makes the first one on its machine:",
  signedIn: (name: string) => `You are signed in as ${name}.`,
  goOn: "Go on",
  linkTitle: "Shared statistics",
  linkPassword: "These statistics were shared with a password.",
  linkWrong: "This is not the password of the link.",
  linkOpen: "Open",
  linkOver: "This link does not exist any more, or has ended.",
  linkOverHint: "Ask whoever sent it to you for another one.",
};

const de: typeof en = {
  title: "Anmelden",
  name: "Name",
  password: "Passwort",
  submit: "Anmelden",
  or: "oder",
  with: (provider) => `Weiter mit ${provider}`,
  wrong: "Name oder Passwort ist falsch.",
  tooMany: "Zu viele Versuche sind fehlgeschlagen. Bitte in einigen Minuten noch einmal versuchen.",
  provider: "Der Anbieter hat nicht wie erwartet geantwortet. Versuchen Sie es noch einmal, oder bitten Sie den Betreiber von Klar, in dessen Protokoll zu sehen.",
  state: "Diese Anmeldung hat zu lange gedauert oder in einem anderen Browser begonnen. Bitte noch einmal versuchen.",
  role: "Sie sind beim Anbieter angemeldet, Ihr Konto hat aber keine Rolle in Klar. Bitten Sie einen Inhaber darum.",
  denied: "Sie haben sich beim Anbieter nicht angemeldet, oder er lässt Sie nicht zu.",
  nobody: "Es gibt noch keinen Benutzer. Der Betreiber von Klar legt den ersten auf dessen Rechner an:",
  signedIn: (name) => `Sie sind als ${name} angemeldet.`,
  goOn: "Weiter",
  linkTitle: "Geteilte Statistik",
  linkPassword: "Diese Statistik wurde mit einem Passwort geteilt.",
  linkWrong: "Das ist nicht das Passwort des Links.",
  linkOpen: "Öffnen",
  linkOver: "Diesen Link gibt es nicht mehr, oder er ist abgelaufen.",
  linkOverHint: "Bitten Sie um einen neuen.",
};

export const text = local({ en, de });
