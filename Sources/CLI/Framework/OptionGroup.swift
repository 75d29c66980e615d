/// Options that belong together, under the heading that the full help has for them.
///
/// A verb with more options than one can take in at a glance declares them in groups and names the ``Command/essentials``:
/// `--help` explains those and lists the others by group, `--help-all` explains all of them.
package struct OptionGroup: Sendable {
  /// A few words, the first of which begins with a capital: `Optimizer`.
  package let heading: String
  /// The options, in the order help shows them.
  package let declarations: [any CommandArgument]

  package init(_ heading: String, _ declarations: [any CommandArgument]) {
    self.heading = heading
    self.declarations = declarations
  }
}
