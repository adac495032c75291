package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The match of the rules of one cell.
 *
 * @param terms in the order in which they decide which of two matches is more specific: client id,
 *     limit key, then the others by name
 */
record CellMatch(List<Term> terms) {

  /** An attribute and the pattern of its value. */
  record Term(String attribute, AttributePattern pattern) {}

  private static final Comparator<Term> ORDER =
      Comparator.comparingInt((Term term) -> rank(term.attribute())).thenComparing(Term::attribute);

  /** The more specific first: exact, longer prefix, shorter prefix, any value, not mentioned. */
  static final Comparator<CellMatch> BY_SPECIFICITY = CellMatch::compare;

  private static int rank(String attribute) {
    return switch (attribute) {
      case AttributeName.CLIENT_ID -> 0;
      case AttributeName.LIMIT_KEY -> 1;
      default -> 2;
    };
  }

  static CellMatch of(RuleTerms rule) {
    List<Term> terms = new ArrayList<>();
    addField(terms, AttributeName.CLIENT_ID, rule.clientId());
    addField(terms, AttributeName.LIMIT_KEY, rule.limitKey());
    rule.match()
        .forEach((name, written) -> terms.add(new Term(name, AttributePattern.of(written))));
    terms.sort(ORDER);
    return new CellMatch(List.copyOf(terms));
  }

  private static void addField(List<Term> terms, String name, String value) {
    if (!value.equals(Rule.WILDCARD)) {
      terms.add(new Term(name, AttributePattern.exactly(value)));
    }
  }

  /** The names of the attributes that are matched exactly. */
  List<String> exactNames() {
    return terms.stream().filter(term -> term.pattern().exact()).map(Term::attribute).toList();
  }

  /** The values of these attributes, in the same order. */
  List<String> exactValues() {
    return terms.stream()
        .filter(term -> term.pattern().exact())
        .map(term -> term.pattern().text())
        .toList();
  }

  /** Whether the attributes that are matched by prefix or {@code *} match. */
  boolean matchesOthers(Matchable check) {
    for (int i = 0; i < terms.size(); i++) {
      Term term = terms.get(i);
      if (!term.pattern().exact() && !term.pattern().matches(check.attribute(term.attribute()))) {
        return false;
      }
    }
    return true;
  }

  private static int compare(CellMatch a, CellMatch b) {
    int both = Math.min(a.terms.size(), b.terms.size());
    for (int i = 0; i < both; i++) {
      int order = compare(a.terms.get(i), b.terms.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(b.terms.size(), a.terms.size());
  }

  /** Where the attributes differ, the match with the later one does not mention the earlier one. */
  private static int compare(Term a, Term b) {
    int order = ORDER.compare(a, b);
    return order != 0
        ? order
        : Integer.compare(b.pattern().specificity(), a.pattern().specificity());
  }
}
