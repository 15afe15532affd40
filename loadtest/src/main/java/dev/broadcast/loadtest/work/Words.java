package dev.broadcast.loadtest.work;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as descriptions write them. */
final class Words {
  private Words() {}

  static String number(double value) {
    return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }

  static String count(int number, String what) {
    return number == 1 ? "one " + what : number(number) + " " + what + "s";
  }
}
