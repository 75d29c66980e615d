/// Options that belong together, under the heading that the full help has for them.
///
/// A verb with more options than one can take in at a glance declares them in groups and names the ``Command/essentials``:
/// `--help` explains those and lists the others by group, `--help-all` explains all of them.
package struct OptionGroup: Sendable {
  /// A few words, the first of which begins with a capital: `Optimizer`.
  package let heading: String
  /// The options, in the order help shows them.
  package let parameters: [any Parameter]

  package init(_ heading: String, _ parameters: [any Parameter]) {
    self.heading = heading
    self.parameters = parameters
  }
}
