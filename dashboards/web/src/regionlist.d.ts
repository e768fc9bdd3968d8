// What regions.plugin.ts makes when the page is built.
declare module "virtual:regions" {
  /** A country in a line, with its regions: AT|1 Burgenland|2 Kärnten|… */
  const regions: string;
  export default regions;
}
